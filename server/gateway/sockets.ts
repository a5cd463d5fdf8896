// The sockets: socket.io with its oddities, between the hub and the wire. Nothing that a client sends may throw here.
import type { IncomingMessage, Server as HttpServer } from 'node:http';
import type { Duplex } from 'node:stream';
import { Server } from 'socket.io';
import type { Clock } from '../clock.ts';
import type { CommandAnswer } from '../contract/commands.ts';
import { PROTOCOL } from '../contract/protocol.ts';
import type { Refusal } from '../contract/protocol.ts';
import type { Telemetry } from '../telemetry.ts';
import { isCommand } from './command-said.ts';
import type { Commands, Mouth } from './commands.ts';
import type { Doorman } from './doorman.ts';
import { Frame, frameParser } from './frame.ts';
import type { Guard } from './guard.ts';
import type { Hub } from './hub.ts';
import type { GatewayLimits } from './options.ts';
import type { Say } from './message.ts';
import { Pace } from './pace.ts';
import type { Reader } from './reader.ts';
import { isResync, readHandshake, readHave } from './said.ts';
import { createWire, FAREWELL_MS } from './socket-wire.ts';
import type { ClientSends, Connection, Link, PharosSocket, ServerSends } from './socket-wire.ts';
import { turnAway } from './turn-away.ts';
import type { Sitting, Who } from './who.ts';

/** Bytes of one message from a client. */
const MESSAGE_MOST = 64 * 1024;
/** Milliseconds between the transport's own pings; the ticks are what screens go by. */
const PING_MS = 10_000;
/** Milliseconds from the transport's handshake until the client must have said what it wants. */
const CONNECT_MS = 5_000;
/** Connections that have not said yet what they want, beyond the sockets that may be. */
const UNDECIDED_MOST = 500;

export interface SocketsOptions {
  readonly server: HttpServer;
  readonly doorman: Doorman;
  readonly guard: Guard;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly limits: GatewayLimits;
  readonly who: Who;
  readonly commands: Commands;
  readonly hub: () => Hub;
}

export interface Sockets {
  broadcast(room: string, what: Say, text: string): void;
  /** Resolves once all lines are closed; who does not take the farewell is cut off. */
  close(): Promise<void>;
}

export function createSockets(options: SocketsOptions): Sockets {
  const { server, doorman, clock, limits } = options;
  const links = new Map<string, Link>();
  const perAddress = new Map<string, number>();
  let isClosing = false;
  let whenEmpty = (): void => undefined;
  const io = new Server<ClientSends, ServerSends>(server, {
    serveClient: false,
    parser: frameParser,
    transports: ['websocket', 'polling'],
    // 32 KB a client without, 246 KB with.
    perMessageDeflate: false,
    httpCompression: false,
    maxHttpBufferSize: MESSAGE_MOST,
    pingInterval: PING_MS,
    pingTimeout: PING_MS,
    connectTimeout: CONNECT_MS,
    allowRequest: (_request, answer) => {
      answer(null, !isClosing && io.engine.clientsCount < limits.sockets + UNDECIDED_MOST);
    },
  });

  io.engine.use(turnAway(doorman));
  io.engine.on('headers', (headers: Record<string, string>) => {
    headers['x-content-type-options'] = 'nosniff';
    headers['cache-control'] = 'no-store';
  });
  // A client that came by polling brings its TCP connection only when it upgrades.
  server.on('upgrade', (request: IncomingMessage, tcp: Duplex) => {
    const id = new URLSearchParams(request.url?.split('?')[1]).get('sid');
    const link = id === null ? undefined : links.get(id);
    if (link) link.tcp = tcp;
  });
  io.engine.on('connection', (connection: Connection) => {
    const { request } = connection;
    const address = doorman.addressOf(request);
    const link: Link = {
      tcp: request.socket,
      address,
      pace: new Pace(limits.packetsPerSecond, clock.monotonic()),
      isTaken: false,
      dismiss: () => connection.close(true),
    };
    links.set(idOf(connection), link);
    perAddress.set(address, (perAddress.get(address) ?? 0) + 1);
    connection.on('packet', () => {
      if (!link.pace.take(clock.monotonic())) link.dismiss('rate');
    });
    connection.once('close', () => {
      links.delete(idOf(connection));
      const others = (perAddress.get(address) ?? 1) - 1;
      if (others > 0) perAddress.set(address, others);
      else perAddress.delete(address);
      if (isClosing && links.size === 0) whenEmpty();
    });
  });

  io.on('connection', (socket) => {
    const link = links.get(idOf(socket.conn));
    if (link === undefined || link.isTaken) {
      socket.conn.close();
      return;
    }
    link.isTaken = true;
    const isFull =
      io.engine.clientsCount > limits.sockets ||
      (perAddress.get(link.address) ?? 0) > limits.socketsPerAddress;
    admit(socket, link, options, isFull ? 'full' : null);
  });

  return {
    broadcast(room, what, text) {
      io.to(room).emit(what, new Frame(text));
    },
    close() {
      isClosing = true;
      for (const link of links.values()) link.dismiss('closing');
      return new Promise((resolve) => {
        const done = (): void => {
          cancel();
          for (const { tcp } of links.values()) tcp?.destroy();
          io.engine.close();
          resolve();
        };
        const cancel = clock.after(FAREWELL_MS, done);
        whenEmpty = done;
        if (links.size === 0) done();
      });
    },
  };
}

/** The session id that the transport's own requests carry; only its types call it private. */
function idOf(connection: Connection): string {
  return (connection as unknown as { readonly id: string }).id;
}

function admit(
  socket: PharosSocket,
  link: Link,
  options: SocketsOptions,
  refused: Refusal | null,
): void {
  const { telemetry, commands } = options;
  const hub = options.hub();
  const { wire, isOver } = createWire(socket, link, options);
  link.dismiss = (reason) => wire.dismiss(reason);
  let reader: Reader | null = null;
  let sitting: Sitting | null = null;
  const pace = commands.pace();

  function mouth(): Mouth {
    return { pace, sitting, audience: reader?.board.audience ?? 'public' };
  }
  // What the parser cannot read ends here; without a listener it would be printed.
  socket.on('error', () => wire.dismiss('malformed'));
  socket.onAny((name: string, ...said: unknown[]) => {
    if (isOver() || reader === null) return;
    const have = name === 'have' ? readHave(said) : null;
    if (have) hub.have(reader, have);
    else if (name === 'resync' && isResync(said)) hub.resync(reader);
    else if (isCommand(name) && said.length === 2 && isAnswer(said[1]))
      answerTo(commands.hear(name, said[0], mouth()), said[1]);
    else wire.dismiss('malformed');
  });
  socket.on('disconnect', () => {
    if (reader) hub.leave(reader);
    socket.conn.close();
    telemetry.announce({ name: 'gateway.left', severity: 'debug' });
  });
  telemetry.announce({ name: 'gateway.came', severity: 'debug' });

  const asked = refused ?? ask(socket, options);
  if (typeof asked === 'string') {
    wire.dismiss(asked);
    return;
  }
  reader = hub.join(wire, asked.board, asked.have);
  sitting = options.who.sitting(socket.request);
  forgetRequest(socket);
}

type Asked = {
  readonly board: Parameters<Hub['join']>[1];
  readonly have: Parameters<Hub['join']>[2];
};

/** What the client wants, or why it does not get it. */
function ask(socket: PharosSocket, { guard, hub }: SocketsOptions): Asked | Refusal {
  const handshake = readHandshake(socket.handshake.auth);
  if (handshake === null) return 'malformed';
  if (handshake.protocol !== PROTOCOL) return 'protocol';
  const judged = guard.judge(socket.request, handshake.token);
  if (judged.kind === 'blocked') return 'rate';
  if (judged.kind === 'refused') return 'session';
  const board = hub().board(handshake.board);
  return board === null ? 'board' : { board, have: handshake.have ?? null };
}

type Answer = (answer: CommandAnswer) => void;

/** The callback by which a command is answered; one without is no command. */
function isAnswer(said: unknown): said is Answer {
  return typeof said === 'function';
}

function answerTo(heard: Promise<CommandAnswer>, answer: Answer): void {
  void heard.then(answer);
}

/** The first request is kept by nobody for as long as a wall hangs: it is some kilobytes a client. */
function forgetRequest(socket: PharosSocket): void {
  (socket.conn as { request: unknown }).request = null;
}
