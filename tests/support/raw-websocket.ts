// A websocket peer of bare TCP: it says what it is told to, and reads only when it is told to.
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import type { Socket } from 'node:net';

export interface RawWebsocket {
  readonly tcp: Socket;
  /** Sends one text frame. */
  say(text: string): void;
  /** Resolves once the line is closed from the other side. */
  readonly closed: Promise<void>;
  close(): void;
}

/** Opens a socket.io connection and asks for a board; what the server says stays unread in the machine's buffers. */
export async function openRawWebsocket(port: number, auth: object): Promise<RawWebsocket> {
  const tcp = connect({ port, host: '127.0.0.1' });
  // The peer may cut the line while something is on its way.
  tcp.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => tcp.once('close', () => resolve()));
  await new Promise<void>((resolve) => tcp.once('connect', () => resolve()));
  tcp.pause();
  tcp.write(
    'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n' +
      `Host: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n` +
      `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`,
  );
  const say = (text: string): void => void tcp.write(frame(text));
  say(`40${JSON.stringify(auth)}`);
  return { tcp, say, closed, close: () => tcp.destroy() };
}

/** RFC 6455, 5.2: a whole text message, masked as clients must. */
function frame(text: string): Buffer {
  const payload = Buffer.from(text);
  const head =
    payload.length < 126
      ? Buffer.from([0x81, 0x80 | payload.length])
      : Buffer.from([0x81, 0x80 | 126, payload.length >> 8, payload.length & 0xff]);
  const mask = randomBytes(4);
  const masked = payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0));
  return Buffer.concat([head, mask, masked]);
}
