// A manager port that does as a test says: greets, answers each action by a function, and may hang, break off or talk by itself.
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

export type PeerAction = ReadonlyMap<string, string>;
/** Lines of the answer, without ActionID; null: it does not answer. */
export type Answer = (action: PeerAction, peer: AmiPeer) => readonly string[] | null;

export interface AmiPeer {
  readonly port: number;
  /** Names of all actions so far. */
  readonly actions: readonly string[];
  readonly connections: number;
  /** Writes to whoever is connected. */
  say(...lines: readonly string[]): void;
  write(bytes: Buffer): void;
  hangUp(): void;
  close(): Promise<void>;
}

export async function openAmiPeer(answer: Answer): Promise<AmiPeer> {
  const actions: string[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const write = (bytes: Buffer): void => {
    for (const socket of sockets) socket.write(bytes);
  };
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    socket.write('Asterisk Call Manager/7.0.3\r\n');
    let rest = '';
    socket.on('data', (data: Buffer) => {
      rest += data.toString('utf8');
      for (let end = rest.indexOf('\r\n\r\n'); end >= 0; end = rest.indexOf('\r\n\r\n')) {
        const fields = new Map<string, string>();
        for (const line of rest.slice(0, end).split('\r\n')) {
          const colon = line.indexOf(': ');
          fields.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 2));
        }
        rest = rest.slice(end + 4);
        actions.push(fields.get('action') ?? '');
        const lines = answer(fields, peer);
        if (lines)
          socket.write(
            [...lines, `ActionID: ${fields.get('actionid') ?? ''}`, '', ''].join('\r\n'),
          );
      }
    });
  });
  const peer: AmiPeer = {
    get port() {
      return (server.address() as AddressInfo).port;
    },
    actions,
    get connections() {
      return connections;
    },
    say: (...lines) => write(Buffer.from([...lines, '', ''].join('\r\n'))),
    write,
    hangUp() {
      for (const socket of sockets) socket.destroy();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return peer;
}

/** Lets the machine turn until the condition holds; fails after ten seconds. */
export async function turnUntil(condition: () => boolean): Promise<void> {
  const until = performance.now() + 10_000;
  while (performance.now() < until) {
    if (condition()) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error(`never held: ${condition.toString()}`);
}

/** Lets what is on its way on loopback arrive. */
export async function turn(times = 20): Promise<void> {
  for (let n = 0; n < times; n += 1) await new Promise((resolve) => setImmediate(resolve));
}
