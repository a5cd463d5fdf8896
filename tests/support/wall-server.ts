// A small real server for looking at walls: the built client under the policy of the house, and the protocol over socket.io.
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { Server } from 'socket.io';
import type { Socket } from 'socket.io';
import type { Board } from '../../server/contract/board.ts';
import { COMMANDS } from '../../server/contract/commands.ts';
import type { CommandAnswer, CommandName, SessionSaid } from '../../server/contract/commands.ts';
import type { ChannelsAnswer } from '../../server/contract/channels.ts';
import { applyChanges, rowsOf } from '../../server/contract/delta.ts';
import type { HelpLink } from '../../server/contract/help.ts';
import type { Changes } from '../../server/contract/delta.ts';
import type {
  ClientSays,
  Handshake,
  Have,
  LogHealth,
  Refusal,
  ServerSays,
  Tick,
} from '../../server/contract/protocol.ts';
import { PROTOCOL } from '../../server/contract/protocol.ts';
import type { Tables } from '../../server/contract/tables.ts';

export const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "manifest-src 'self'",
  "worker-src 'self'",
  "frame-ancestors 'none'",
].join('; ');

const KINDS: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.png': 'image/png',
  '.webmanifest': 'application/manifest+json',
};

type Side = Socket<ClientSays, ServerSays>;

/** One command as it came, and how this double answers it; null: never. */
export type Answer = (
  name: CommandName,
  said: Record<string, unknown>,
) => CommandAnswer | null | Promise<CommandAnswer>;

interface Calls {
  readonly method: string;
  readonly path: string;
  readonly search: URLSearchParams;
  readonly body: string;
}

/** There is no such thing. */
const GONE = { error: 'gone' };

export class WallServer {
  readonly origin: string;
  readonly haves: Have[] = [];
  resyncs = 0;
  handshakes: Handshake[] = [];
  board: Board;
  refusal: Refusal | null = null;
  /** Milliseconds until its first words have reached a screen: a slow line. */
  slowMs = 0;
  log: LogHealth;
  sources: Tick['sources'] = {};
  /** The site's time. */
  now: number;
  epoch = 'first';
  seq = 0;
  /** Commands as they came, oldest first. */
  readonly commands: { readonly name: CommandName; readonly said: Record<string, unknown> }[] = [];
  answer: Answer = () => ({ ok: true });
  /** Who sits at the desk. */
  person: SessionSaid['person'] = null;
  /** What `GET /api/v1/channels` tells; null: the server fails. */
  channels: ChannelsAnswer | null = null;
  /** What was set, tried and taken away there, oldest first, and how this double answers it. */
  readonly channelCalls: {
    readonly method: string;
    readonly path: string;
    readonly body: string;
  }[] = [];
  answerChannel: (call: { readonly method: string; readonly path: string }) => object | null =
    () => ({
      ok: true,
    });
  /** What `GET /api/v1/alerts` tells, with histories; null: the server fails. */
  episodes: readonly object[] | null = [];
  /** What `GET /api/v1/callbacks/ID` tells. */
  callbacks: readonly object[] = [];
  /** What `GET /api/v1/undelivered` tells. */
  letters: readonly object[] = [];
  /** What `GET /api/v1/help-links` tells. */
  helpLinks: readonly HelpLink[] = [];
  readonly #tables: Tables;
  readonly #io: Server<ClientSays, ServerSays>;

  private constructor(
    io: Server<ClientSays, ServerSays>,
    origin: string,
    floor: { readonly tables: Tables; readonly board: Board; readonly now: number },
  ) {
    this.#io = io;
    this.origin = origin;
    this.#tables = floor.tables;
    this.board = floor.board;
    this.now = floor.now;
    this.log = { state: 'live', reason: null, asOf: floor.now };
    io.on('connection', (socket) => this.#met(socket));
  }

  /** Serves the files under `folder`, and this floor, on a free port of loopback. */
  static async open(
    folder: string,
    floor: { readonly tables: Tables; readonly board: Board; readonly now: number },
    port = 0,
  ): Promise<WallServer> {
    const http = createServer((request, response) => {
      const { pathname: path, searchParams: search } = new URL(
        request.url ?? '/',
        'http://loopback',
      );
      if (path.startsWith('/api/')) {
        let body = '';
        request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
        request.on('end', () => {
          const { method = 'GET' } = request;
          const told = server?.call({ method, path, search, body }) ?? null;
          response.writeHead(told === null ? 503 : told === GONE ? 404 : 200, {
            'content-type': 'application/json',
          });
          response.end(JSON.stringify(told));
        });
        return;
      }
      const wanted = join(folder, normalize(path));
      const isFile = wanted.startsWith(folder) && existsSync(wanted) && statSync(wanted).isFile();
      const file = isFile ? wanted : join(folder, 'index.html');
      response.writeHead(200, {
        'content-type': KINDS[extname(file)] ?? 'application/octet-stream',
        'content-security-policy': POLICY,
      });
      createReadStream(file).pipe(response);
    });
    let server: WallServer | null = null;
    const io = new Server<ClientSays, ServerSays>(http, { perMessageDeflate: false });
    await new Promise<void>((resolve) => http.listen(port, '127.0.0.1', resolve));
    const address = http.address() as AddressInfo;
    server = new WallServer(io, `http://127.0.0.1:${address.port}`, floor);
    return server;
  }

  /** What the HTTP doors of the desk tell; null: they fail. */
  call({ method, path, search, body }: Calls): object | null {
    if (/^\/api\/v1\/(channels|quiet)\b/.test(path) && method !== 'GET') {
      this.channelCalls.push({ method, path, body });
      return this.answerChannel({ method, path });
    }
    switch (path) {
      case '/api/v1/channels':
        return this.channels;
      case '/api/v1/session/person':
        return this.#seat(body);
      case '/api/v1/session':
        return {
          role: 'installer',
          account: null,
          person: this.person,
          choosesPerson: true,
          push: { possible: true, reason: null },
        } satisfies SessionSaid;
      case '/api/v1/alerts': {
        const isOpen = ({ resolvedAt }: { readonly resolvedAt?: number | null }): boolean =>
          resolvedAt === null || search.get('state') === 'all';
        return this.episodes && { alerts: this.episodes.filter(isOpen) };
      }
      case '/api/v1/help-links':
        return { links: this.helpLinks };
      case '/api/v1/undelivered':
        return { letters: this.letters };
      default:
        return this.#one(path);
    }
  }

  #one(path: string): object | null {
    const [, kind, id] = /^\/api\/v1\/(alerts|callbacks)\/([^/]+)$/.exec(path) ?? [];
    if (id === undefined) return null;
    const wanted = decodeURIComponent(id);
    const among = kind === 'alerts' ? this.episodes : this.callbacks;
    if (among === null) return null;
    const found = among.find((one) => 'id' in one && one.id === wanted);
    return found === undefined ? GONE : { [kind === 'alerts' ? 'alert' : 'callback']: found };
  }

  #seat(body: string): object | null {
    const { agent } = JSON.parse(body) as { readonly agent: string };
    const row = this.#tables.agents.get(agent);
    if (row === undefined) return null;
    const { id, name, role, team } = row;
    this.person = { id, name, role, team, unverified: true };
    return this.person;
  }

  /** One tick, `ms` later by the site's clock. */
  tick(ms = 1_000): void {
    this.now += ms;
    if (this.log.state === 'live') this.log = { ...this.log, asOf: this.now };
    this.#io.emit('tick', this.#tickNow());
  }

  /** Rows change, and every screen hears of it. */
  change(changes: Changes): void {
    applyChanges(this.#tables, changes);
    const from = this.seq;
    this.seq += 1;
    this.#io.emit('delta', { epoch: this.epoch, from, to: this.seq, ...changes });
  }

  /** A delta that fits nothing that any screen has. */
  tellOutOfOrder(): void {
    this.#io.emit('delta', {
      epoch: this.epoch,
      from: this.seq + 5,
      to: this.seq + 6,
      put: {},
      gone: {},
    });
  }

  /** Hangs up on every screen. */
  hangUp(): void {
    this.#io.disconnectSockets(true);
  }

  async close(): Promise<void> {
    await this.#io.close();
  }

  #met(socket: Side): void {
    const hello = socket.handshake.auth as Handshake;
    this.handshakes.push(hello);
    const refusal = hello.protocol === PROTOCOL ? this.refusal : 'protocol';
    if (refusal !== null) {
      socket.emit('refused', { reason: refusal });
      socket.disconnect(true);
      return;
    }
    socket.on('have', (have) => this.haves.push(have));
    for (const name of COMMANDS)
      (socket as Socket).on(
        name,
        (said: Record<string, unknown>, tell: (answer: CommandAnswer) => void) => {
          this.commands.push({ name, said });
          void Promise.resolve(this.answer(name, said)).then((answer) => {
            if (answer !== null) tell(answer);
          });
        },
      );
    socket.on('resync', () => {
      this.resyncs += 1;
      this.#snapshot(socket);
    });
    setTimeout(() => {
      if (hello.have?.epoch !== this.epoch || hello.have.seq !== this.seq) this.#snapshot(socket);
      socket.emit('tick', this.#tickNow());
    }, this.slowMs);
  }

  #snapshot(socket: Side): void {
    socket.emit('snapshot', {
      epoch: this.epoch,
      seq: this.seq,
      now: this.now,
      board: this.board,
      rows: rowsOf(this.#tables),
    });
  }

  #tickNow(): Tick {
    return {
      epoch: this.epoch,
      seq: this.seq,
      now: this.now,
      log: this.log,
      sources: this.sources,
    };
  }
}
