// A yardstick: the least that anything could do. It reads the log and sends the bare event on, without any state.
import type { AddressInfo } from 'node:net';
import { Redis } from 'ioredis';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';

const [url = '', journal = ''] = process.argv.slice(2);

const redis = new Redis(url);
/** By what they asked for: a department, or all. */
const rooms = new Map<string, Set<WebSocket>>();
const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
server.on('connection', (socket, { url: asked }) => {
  const of = asked?.slice(asked.indexOf('=') + 1) ?? '';
  const room = rooms.get(of) ?? new Set();
  rooms.set(of, room.add(socket));
  socket.on('close', () => room.delete(socket));
});
server.on('listening', () => process.send?.((server.address() as AddressInfo).port));

let position = (await redis.xrevrange(journal, '+', '-', 'COUNT', 1))[0]?.[0] ?? '0';
for (;;) {
  const read = await redis.xread('COUNT', 1_000, 'BLOCK', 1_000, 'STREAMS', journal, position);
  for (const [id, words] of read?.[0]?.[1] ?? []) {
    position = id;
    const event: Record<string, string> = {};
    for (let at = 0; at < words.length; at += 2) event[words[at]!] = words[at + 1]!;
    // An id begins with its department, so that no state is needed to know who looks at it.
    const department = event.subject?.split('-', 1)[0] ?? '';
    const text = Buffer.from(JSON.stringify(event));
    for (const room of ['all-public', 'all-desk', department])
      for (const socket of rooms.get(room) ?? []) socket.send(text, { binary: false });
  }
}
