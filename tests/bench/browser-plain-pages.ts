// The yardsticks of the browser: a page that writes twenty texts from the same messages, and one that draws all rows anew from whole state.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';

export interface PlainServer {
  /** `/bare`: twenty texts; `/whole`: everything anew. */
  readonly origin: string;
  /** To every page that is open. */
  say(text: string): void;
  close(): Promise<void>;
}

const HEAD = `<!doctype html><meta charset="utf-8"><style>
body { margin: 0; background: #171a1e; color: #d8dce1; font: 500 20px sans-serif; overflow: hidden }
.cell { display: inline-block; width: 110px; height: 46px; contain: strict }
.line { display: flex; justify-content: space-between; height: 30px }
</style><body>`;

/** The twenty texts stand each in a box of their own, so that nothing but they is laid out. */
const BARE = `${HEAD}<script>
const texts = Array.from({ length: 20 }, () => {
  const cell = document.createElement('span');
  cell.className = 'cell';
  const text = document.createTextNode('');
  cell.append(text);
  document.body.append(cell);
  return text;
});
new WebSocket(location.href.replace('http', 'ws')).onmessage = ({ data }) => {
  const { put } = JSON.parse(data);
  let n = 0;
  for (const table of Object.values(put))
    for (const row of Object.values(table))
      if (n < 20) texts[n++].data = row.id + ' ' + (row.since ?? row.waiting ?? row.offered ?? row.name);
};
</script>`;

/** As many a wallboard does it: the state of the whole floor, drawn anew each time. */
const WHOLE = `${HEAD}<main></main><script>
new WebSocket(location.href.replace('http', 'ws')).onmessage = ({ data }) => {
  const { now, rows } = JSON.parse(data);
  document.querySelector('main').innerHTML =
    Object.values(rows.queues).map(({ name, waiting, today, agents }) =>
      '<div class="line"><b>' + name + '</b><span>' + waiting + '</span><span>' +
      Math.round(today.serviceLevel * 100) + ' %</span><span>' + agents.available + '</span></div>').join('') +
    Object.values(rows.agents).map(({ name, state, since }) =>
      '<span class="cell ' + state + '">' + name + '<br>' + Math.floor((now - since) / 1000) + '</span>').join('');
};
</script>`;

export async function openPlainServer(): Promise<PlainServer> {
  const http = createServer((request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end(request.url === '/whole' ? WHOLE : BARE);
  });
  const sockets = new WebSocketServer({ server: http, perMessageDeflate: false });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    say: (text) => sockets.clients.forEach((client) => client.send(text)),
    async close() {
      for (const client of sockets.clients) client.terminate();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}
