// Calls by HTTP with any header, `Host` included, and the three ways into the gateway tried alike.
import { request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { WebSocket } from 'ws';

export interface Called {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface CallOptions {
  readonly port: number;
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export function call(options: CallOptions): Promise<Called> {
  const { port, path = '/healthz', method = 'GET', headers = {}, body } = options;
  return new Promise((resolve, reject) => {
    const sent = request(
      { port, path, method, headers, host: '127.0.0.1', agent: false },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (chunk: string) => (text += chunk));
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text }),
        );
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

/** The status with which each way in answers; 200 and 101 are open doors. */
export const WAYS: Readonly<
  Record<
    'http' | 'polling' | 'websocket',
    (port: number, headers: Readonly<Record<string, string>>) => Promise<number>
  >
> = {
  http: async (port, headers) => (await call({ port, headers })).status,
  polling: async (port, headers) =>
    (await call({ port, headers, path: '/socket.io/?EIO=4&transport=polling' })).status,
  websocket: (port, headers) =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`, {
        headers,
      });
      socket.on('open', () => {
        socket.terminate();
        resolve(101);
      });
      socket.on('unexpected-response', (_request, answer) => resolve(answer.statusCode ?? 0));
      socket.on('error', reject);
    }),
};
