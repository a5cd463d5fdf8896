// The sockets: socket.io with its oddities, between the hub and the wire. Nothing that a client sends may throw here.
import type { IncomingMessage, Server as HttpServer } from 'node:http';
import type { Duplex } from 'node:stream';
import { Server } from 'socket.io';
import type { Clock } from '../clock.ts';
import type { Board } from '../contract/board.ts';
import type { ScreenOrder } from '../contract/access.ts';
import type { CommandAnswer } from '../contract/commands.ts';
import { IDENTIFY_MS, PROTOCOL } from '../contract/protocol.ts';
import type { Have, Position, Refusal } from '../contract/protocol.ts';
import type { Telemetry } from '../telemetry.ts';
import { wordsOf } from '../words-of.ts';
import { isCommand } from './command-said.ts';
import type { Commands, Mouth } from './commands.ts';
import type { AccessChange } from './changes.ts';
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
import { hangsOn } from '../access/identity.ts';
import type { Identity } from '../access/identity.ts';
import { draftOf, mayRead, viewerOf } from './may-read.ts';

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
  readonly commands: Commands;
  readonly hub: () => Hub;
  readonly onCame: (identity: Identity) => void;
  /** A sign of life. */
  readonly onHave: (identity: Identity, have: Have) => void;
}

export interface Sockets {
  /** Those who hang on this are asked anew who they are, and a screen does what it is to do; null: all are asked. */
  recheck(changed: AccessChange | null): Promise<void>;
  broadcast(room: string, what: Say, text: string): void;
  /** Resolves once all lines are closed; who does not take the farewell is cut off. */
  close(): Promise<void>;
}

export function createSockets(options: SocketsOptions): Sockets {
  const { server, doorman, clock, limits } = options;
  const links = new Map<string, Link>();
  const perAddress = new Map<string, number>();
  const admitted = new Set<Admitted>();
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
    admit(socket, { link, options, admitted, refused: isFull ? 'full' : null }).catch(
      (error: unknown) => {
        options.telemetry.announce({
          name: 'gateway.failed',
          severity: 'error',
          text: `A socket could not be let in: ${wordsOf(error)}`,
        });
        socket.conn.close();
      },
    );
  });

  return {
    async recheck(changed) {
      for (const one of [...admitted])
        if (changed === null || hangsOn(one.identity, changed.what, changed.of)) {
          await one.recheck();
          if (changed?.order !== undefined) one.obey(changed.order);
        }
    },
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

/** A socket that was let in. */
interface Admitted {
  readonly identity: Identity;
  /** Asks who that is by now: it goes, or sees what that one may see. */
  recheck(): Promise<void>;
  /** It does what a supervisor wants of it, if it is a paired screen. */
  obey(order: ScreenOrder): void;
}

interface Admitting {
  readonly link: Link;
  readonly options: SocketsOptions;
  readonly admitted: Set<Admitted>;
  readonly refused: Refusal | null;
}

async function admit(
  socket: PharosSocket,
  { link, options, admitted, refused }: Admitting,
): Promise<void> {
  const { telemetry, commands, guard } = options;
  const hub = options.hub();
  const { wire, isOver } = createWire(socket, link, options);
  link.dismiss = (reason) => wire.dismiss(reason);
  let reader: Reader | null = null;
  let identity: Identity | null = null;
  let entry: Admitted | null = null;
  const pace = commands.pace();

  async function recheck(): Promise<void> {
    if (identity === null || reader === null) return;
    const again = await guard.again(identity);
    if (again === 'away' || isOver()) return;
    const isScreen = identity.kind === 'screen';
    if (again === null) {
      wire.dismiss(isScreen ? 'unpaired' : 'session');
      return;
    }
    identity = again;
    const viewer = viewerOf(again);
    const isSame = JSON.stringify(viewer) === JSON.stringify(reader.viewer);
    if (!mayRead(again, reader.board)) wire.dismiss(isScreen ? 'moved' : 'board');
    else if (!isSame) hub.rescope(reader, viewer);
  }
  function obey(order: ScreenOrder): void {
    if (identity?.kind !== 'screen' || isOver()) return;
    const { name } = identity.screen;
    socket.emit(
      'told',
      order === 'reload' ? { reload: true } : { identify: { name, forMs: IDENTIFY_MS } },
    );
  }
  // What the parser cannot read ends here; without a listener it would be printed.
  socket.on('error', () => wire.dismiss('malformed'));
  socket.onAny((name: string, ...said: unknown[]) => {
    if (isOver() || reader === null || identity === null) return;
    const have = name === 'have' ? readHave(said) : null;
    if (have) {
      hub.have(reader, have);
      options.onHave(identity, have);
    } else if (name === 'resync' && isResync(said)) hub.resync(reader);
    else if (isCommand(name) && said.length === 2 && isAnswer(said[1])) {
      const mouth: Mouth = { pace, identity, audience: reader.board.audience };
      const answer = said[1];
      commands.hear(name, said[0], mouth).then(answer, () => answer({ refused: 'log' }));
    } else wire.dismiss('malformed');
  });
  socket.on('disconnect', () => {
    if (reader) hub.leave(reader);
    if (entry) admitted.delete(entry);
    socket.conn.close();
    telemetry.announce({ name: 'gateway.left', severity: 'debug' });
  });
  telemetry.announce({ name: 'gateway.came', severity: 'debug' });

  const asked = refused ?? (await ask(socket, options).catch(() => 'starting' as const));
  forgetRequest(socket);
  if (isOver() || !socket.connected) return;
  if (typeof asked === 'string') {
    wire.dismiss(asked);
    return;
  }
  ({ identity } = asked);
  const { board, have } = asked;
  reader = hub.join(wire, {
    ...{ board, have, viewer: viewerOf(identity) },
    mayRead: (other) => identity !== null && mayRead(identity, other),
  });
  entry = {
    get identity() {
      return identity ?? asked.identity;
    },
    recheck,
    obey,
  };
  admitted.add(entry);
}

interface Asked {
  readonly identity: Identity;
  readonly board: Board;
  readonly have: Position | null;
}

/** What the client wants, or why it does not get it. */
async function ask(
  socket: PharosSocket,
  { guard, hub, onCame }: SocketsOptions,
): Promise<Asked | Refusal> {
  const handshake = readHandshake(socket.handshake.auth);
  if (handshake === null) return 'malformed';
  if (handshake.protocol !== PROTOCOL) return 'protocol';
  const known = await guard.know(socket.request, handshake.token);
  switch (known.kind) {
    case 'blocked':
      return 'rate';
    case 'away':
      return 'starting';
    case 'refused':
      return known.reason === 'no-screen' ? 'unpaired' : 'session';
    case 'known': {
      const { identity } = known;
      if (identity.kind === 'source') return 'session';
      onCame(identity);
      const { draft, board: named } = handshake;
      const board = draft === undefined ? hub().board(named) : draftOf(identity, draft);
      const isElsewhere = named !== undefined && identity.kind === 'screen';
      if (isElsewhere && named !== identity.screen.board) return 'moved';
      if (board === null || !mayRead(identity, board)) return 'board';
      return { identity, board, have: handshake.have ?? null };
    }
    default:
      return known satisfies never;
  }
}

type Answer = (answer: CommandAnswer) => void;

/** The callback by which a command is answered; one without is no command. */
function isAnswer(said: unknown): said is Answer {
  return typeof said === 'function';
}

/** The first request is kept by nobody for as long as a wall hangs: it is some kilobytes a client. */
function forgetRequest(socket: PharosSocket): void {
  (socket.conn as { request: unknown }).request = null;
}
