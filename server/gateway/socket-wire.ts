// The wire of one socket: what is said to it, how much of that waits to leave, and how it is told to go.
import type { Duplex } from 'node:stream';
import type { Socket } from 'socket.io';
import type { Clock } from '../clock.ts';
import type { Refusal, Told } from '../contract/protocol.ts';
import type { Telemetry } from '../telemetry.ts';
import { Frame } from './frame.ts';
import type { Pace } from './pace.ts';
import type { Wire } from './reader.ts';

/** Milliseconds that a dismissed client has to take its refusal before the line is cut. */
export const FAREWELL_MS = 2_000;
export interface ServerSends {
  snapshot: (frame: Frame) => void;
  delta: (frame: Frame) => void;
  tick: (frame: Frame) => void;
  refused: (why: { readonly reason: Refusal }) => void;
  told: (told: Told) => void;
}
export type ClientSends = Record<string, (...said: unknown[]) => void>;
export type PharosSocket = Socket<ClientSends, ServerSends>;
export type Connection = PharosSocket['conn'];

/** What is known of one connection of the transport, before and after it became a socket. */
export interface Link {
  /** Cuts the line where a peer does not take a farewell. */
  tcp: Duplex | null;
  readonly address: string;
  readonly pace: Pace;
  /** It became a socket; a connection carries one in its life. */
  isTaken: boolean;
  /** Tells the client why, and closes. */
  dismiss: (reason: Refusal) => void;
}

export function createWire(
  socket: PharosSocket,
  link: Link,
  { clock, telemetry }: { readonly clock: Clock; readonly telemetry: Telemetry },
): { readonly wire: Wire; readonly isOver: () => boolean } {
  const { conn } = socket;
  let room: string | null = null;
  let isOver = false;
  // Bytes given to the transport's buffer, and bytes that it took from there but has not handed to the machine.
  let buffered = 0;
  let leaving = 0;
  conn.on('drain', () => {
    leaving = buffered;
    buffered = 0;
  });
  const wire: Wire = {
    say({ what, text, webSocketFrame }) {
      if (conn.transport.name !== 'websocket') {
        socket.emit(what, new Frame(text));
        return;
      }
      // Its types do not know of frames that are made already, which socket.io itself hands over when it speaks to many.
      const options = { compress: false, wsPreEncodedFrame: webSocketFrame };
      conn.write('', options);
    },
    follow(next) {
      if (room !== null) void socket.leave(room);
      if (next !== null) void socket.join(next);
      room = next;
    },
    expect(bytes) {
      buffered += bytes;
    },
    unsentBytes: () => buffered + (conn.transport.writable ? 0 : leaving),
    dismiss(reason) {
      if (isOver) return;
      isOver = true;
      telemetry.announce({ name: 'gateway.refused', severity: 'debug', fields: { reason } });
      wire.follow(null);
      socket.emit('refused', { reason });
      // Only the transport is closed: a client that was told to leave by socket.io would never come back by itself.
      conn.close();
      const cut = clock.after(FAREWELL_MS, () => {
        conn.close(true);
        link.tcp?.destroy();
      });
      socket.once('disconnect', cut);
    },
  };
  return { wire, isOver: () => isOver };
}
