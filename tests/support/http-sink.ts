// A receiver of webhooks and pushes: a real HTTP server on loopback that keeps what comes, and answers as a test wishes.
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Of the monotonic clock, in milliseconds. */
  readonly at: number;
}

/** A status; `hang`: no answer at all; `cut`: the connection is closed after the request; or a hand on the answer itself. */
export type SinkAnswer = number | 'hang' | 'cut' | ((response: ServerResponse) => void);

export interface HttpSink {
  readonly url: string;
  readonly port: number;
  readonly received: readonly Received[];
  /** Connections that were ever made. */
  connections(): number;
  answer(next: SinkAnswer): void;
  close(): Promise<void>;
}

export async function openHttpSink(): Promise<HttpSink> {
  const received: Received[] = [];
  let connections = 0;
  let answer: SinkAnswer = 200;
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { url: path = '', headers } = request;
      received.push({ path, headers, body: Buffer.concat(parts), at: performance.now() });
      if (typeof answer === 'function') answer(response);
      else if (answer === 'cut') request.socket.destroy();
      else if (answer !== 'hang') response.writeHead(answer).end('ok');
    });
  });
  server.on('connection', () => {
    connections++;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string')
    throw new Error('invariant: a port was asked for');
  const { port } = address;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    received,
    connections: () => connections,
    answer(next) {
      answer = next;
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
