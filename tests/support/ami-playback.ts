// A manager port that plays a recording: greets, checks the login, answers actions as they were answered, cuts where it was cut.
import { createHash } from 'node:crypto';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Clock } from '../../server/clock.ts';
import { T0 } from './ami-recording.ts';
import type { AmiRecording, RecordedMessage } from './ami-recording.ts';

export interface PlaybackOptions {
  readonly recording: AmiRecording;
  readonly clock: Clock;
  readonly secret: string;
  /** Bytes of the next TCP chunk; absent: as large as they come. */
  readonly chunk?: () => number;
  /** Replaces what a message says. */
  readonly rewrite?: (bytes: Buffer) => Buffer;
  /** True for a user who may read everything; else one with `system,call,agent,user,reporting`. */
  readonly all?: boolean;
  /** Whether it knows `Action: Challenge`; all PBXs do, a recording has none. */
  readonly challenges?: boolean;
}

export interface Playback {
  readonly port: number;
  /** Plays all up to `t`, at its own instants by `moveTo`, and waits until the client has read it. */
  playUntil(t: number, moveTo: (at: number) => Promise<void>): Promise<void>;
  /** Actions that the client sent, in order. */
  readonly actions: readonly string[];
  close(): Promise<void>;
}

const GAP_STEP_MS = 20;

/** What a user with `system,call,agent,user,reporting` may hear. */
const CLASSES = new Set(['', 'system', 'call', 'agent', 'user', 'reporting']);

export async function playAmi(options: PlaybackOptions): Promise<Playback> {
  const { recording, clock, secret, chunk } = options;
  const rewrite = options.rewrite ?? ((bytes: Buffer) => bytes);
  const live = recording.messages.filter(
    (message) =>
      message.actionId === '' &&
      (options.all === true || CLASSES.has(message.privilege)) &&
      !atLogin(message),
  );
  const actions: string[] = [];
  const challenge = '193842701';
  let next = 0;
  let now = 0;
  let client: { readonly socket: Socket; readonly conn: number } | null = null;
  const sockets = new Set<Socket>();
  /** What is still to be sent in chunks. */
  const pieces = new Map<Socket, Buffer>();
  let port = 0;
  /** The other end of the link, in this process: tells when all is read. */
  const ends = new Map<number, Socket>();
  const onClient = (message: unknown): void => {
    const { socket } = message as { socket: Socket };
    socket.once('connect', () => {
      if (socket.remotePort === port && socket.localPort !== undefined)
        ends.set(socket.localPort, socket);
    });
  };
  subscribe('net.client.socket', onClient);

  function write(socket: Socket, bytes: Buffer): void {
    if (socket.destroyed) return;
    if (!chunk) {
      socket.write(bytes);
      return;
    }
    pieces.set(socket, Buffer.concat([pieces.get(socket) ?? Buffer.alloc(0), bytes]));
  }

  const isRead = (socket: Socket): boolean => {
    const end = ends.get(socket.remotePort ?? 0);
    if (socket.destroyed || !end || end.destroyed) return true;
    return end.bytesRead >= socket.bytesWritten && socket.bytesRead >= end.bytesWritten;
  };

  /** The next chunk goes out when the last has been read, else the network would join them again. */
  function writePiece(socket: Socket): boolean {
    const bytes = pieces.get(socket);
    if (!chunk || !bytes || socket.destroyed || !isRead(socket)) return bytes !== undefined;
    const size = Math.min(bytes.length, chunk());
    socket.write(bytes.subarray(0, size));
    if (size === bytes.length) pieces.delete(socket);
    else pieces.set(socket, bytes.subarray(size));
    return true;
  }

  function answer(socket: Socket, conn: number, action: ReadonlyMap<string, string>): void {
    const name = action.get('action') ?? '';
    const id = action.get('actionid') ?? '';
    actions.push(name);
    const say = (lines: readonly string[]): void =>
      write(socket, Buffer.from([...lines, `ActionID: ${id}`, '', ''].join('\r\n')));
    if (name === 'Challenge' && options.challenges !== false)
      return say(['Response: Success', `Challenge: ${challenge}`]);
    if (name === 'Login') {
      const key = createHash('md5')
        .update(challenge + secret)
        .digest('hex');
      if (action.get('key') !== key && action.get('secret') !== secret)
        return say(['Response: Error', 'Message: Authentication failed']);
      say(['Response: Success', 'Message: Authentication accepted']);
      for (const message of recording.messages)
        if (message.conn === conn && atLogin(message)) write(socket, message.bytes);
      client = { socket, conn };
      return;
    }
    if (name === 'Ping')
      return say(['Response: Success', 'Ping: Pong', `Timestamp: ${clock.now() / 1_000}`]);
    const asked = recording.asked.get(name);
    const answers = recording.messages.filter(
      (message) => message.conn === conn && message.actionId === asked && asked !== undefined,
    );
    if (answers.length === 0) return say(['Response: Error', 'Message: Invalid/unknown command']);
    for (const { bytes } of answers) {
      const text = bytes
        .toString('latin1')
        .replace(/\r\nActionID: [^\r]*\r\n/, `\r\nActionID: ${id}\r\n`);
      write(socket, rewrite(Buffer.from(text, 'latin1')));
    }
  }

  /** A recorded link is up at `now`; null in its gaps, when nobody greets. */
  const present = (): number | null =>
    recording.connections.find(({ from, to }) => from <= now && now < to)?.conn ?? null;

  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      sockets.delete(socket);
      pieces.delete(socket);
      if (client?.socket === socket) client = null;
    });
    const conn = present();
    if (conn === null) {
      socket.destroy();
      return;
    }
    write(socket, recording.banner);
    let rest = '';
    socket.on('data', (data: Buffer) => {
      rest += data.toString('latin1');
      for (let end = rest.indexOf('\r\n\r\n'); end >= 0; end = rest.indexOf('\r\n\r\n')) {
        const lines = rest.slice(0, end).split('\r\n');
        rest = rest.slice(end + 4);
        const pairs = lines.map((line) => {
          const colon = line.indexOf(':');
          return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
        });
        answer(socket, conn, new Map(pairs));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;

  /** Until whatever was written on either side has been read on the other. */
  async function drained(): Promise<void> {
    let quiet = 0;
    while (quiet < 2) {
      await new Promise((resolve) => setImmediate(resolve));
      const busy = [...sockets].some((socket) => writePiece(socket) || !isRead(socket));
      quiet = busy ? 0 : quiet + 1;
    }
  }

  async function goTo(t: number, moveTo: (at: number) => Promise<void>): Promise<void> {
    now = Math.max(now, t);
    if (present() === null) for (const socket of sockets) socket.destroy();
    await moveTo(T0 + now);
    await drained();
  }

  return {
    port,
    actions,
    async playUntil(t, moveTo) {
      for (; next < live.length && live[next]!.t <= t;) {
        const instant = live[next]!.t;
        await stepTo(instant);
        const together: Buffer[] = [];
        while (next < live.length && live[next]!.t <= instant) {
          const message = live[next]!;
          next += 1;
          if (client?.conn === message.conn) together.push(rewrite(message.bytes));
        }
        if (client && together.length > 0) write(client.socket, Buffer.concat(together));
        await drained();
      }
      await stepTo(t);

      /** In a gap the client tries again and again, which takes turns of the machine, not only of the clock. */
      async function throughGap(until: number): Promise<void> {
        while ((present() === null || client === null) && now + GAP_STEP_MS < until)
          await goTo(now + GAP_STEP_MS, moveTo);
      }

      /** Through the gaps' edges, so that a cut and a return come at their own instants. */
      async function stepTo(instant: number): Promise<void> {
        const edges = recording.connections.flatMap(({ from, to }) => [from, to]);
        const isEdge = (one: number): boolean => one > now && one < instant;
        for (const edge of edges.filter(isEdge).sort((a, b) => a - b)) {
          await throughGap(edge);
          await goTo(edge, moveTo);
        }
        await throughGap(instant);
        await goTo(instant, moveTo);
      }
    },
    async close() {
      unsubscribe('net.client.socket', onClient);
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** What the PBX says by itself right after the login. */
function atLogin(message: RecordedMessage): boolean {
  return message.event === 'FullyBooted';
}
