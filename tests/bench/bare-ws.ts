// A yardstick: a bare WebSocket server that sends the frames that it is handed to everybody, at the pace at which they were recorded.
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';

interface Recorded {
  /** Milliseconds from the beginning. */
  readonly at: number;
  readonly text: string;
}

const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
// What the clients say is read, as the other server reads it.
server.on('connection', (socket) => socket.on('message', () => undefined));
server.on('listening', () => process.send?.((server.address() as AddressInfo).port));

process.on('message', (frames: readonly Recorded[]) => {
  const from = performance.now();
  const before = process.cpuUsage();
  const play = (next: number): void => {
    const frame = frames[next];
    if (frame === undefined) {
      const { user, system } = process.cpuUsage(before);
      process.send?.((user + system) / 1_000);
      return;
    }
    const send = (): void => {
      const data = Buffer.from(frame.text);
      for (const socket of server.clients) socket.send(data, { binary: false });
      play(next + 1);
    };
    setTimeout(send, Math.max(0, from + frame.at - performance.now()));
  };
  play(0);
});
process.on('disconnect', () => process.exit(0));
