// One screen's life with its server: the socket, the rows, the site's clock, and whether all of it is live. One room, since each word that is heard moves all four.
import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import type { Board, BoardWords } from '../../server/contract/board.ts';
import type { CommandAnswer, CommandName, CommandSays } from '../../server/contract/commands.ts';
import { PROTOCOL, REFUSALS, TICK_MS } from '../../server/contract/protocol.ts';
import type {
  ClientSays,
  Handshake,
  Refusal,
  ServerSays,
  Snapshot,
  Tick,
  Told,
} from '../../server/contract/protocol.ts';
import type { Cancel, Clock } from './clock.ts';
import { Follower } from './follower.ts';
import { judge, sameHealth } from './health.ts';
import type { Health } from './health.ts';
import { liveTables, settle } from './live-rows.svelte.ts';
import { patienceMs, retryMs } from './retry.ts';
import { SiteClock } from './site-clock.ts';

const JUDGED_EVERY_MS = 500;
/** Milliseconds after which a tab that comes back to sight is judged, so that waiting messages are heard first. */
const BACK_IN_SIGHT_MS = 250;
const RESYNC_MS = 1_000;
/** Milliseconds after which a command that was not answered is given up. */
const ANSWER_MS = 6_000;

/** `unsent`: there is no link, so nothing was said. `unanswered`: it was said, and whether it was done is not known. */
export interface CommandLost {
  readonly lost: 'unsent' | 'unanswered';
}

export interface LiveOptions {
  readonly board: string;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  /** A board that nobody saved, to be tried by who may save it. */
  readonly draft?: BoardWords;
}

export class Live {
  readonly tables = liveTables();
  health = $state.raw<Health>({ kind: 'connecting' });
  board = $state.raw<Board | null>(null);
  sources = $state.raw<Tick['sources']>({});
  /** The site's time in milliseconds, moved once a second while there is any. */
  now = $state(0);
  /** The site's time of the last tick: what moves the second hand. */
  beatAt = $state(0);
  /** By what name somebody looks for this screen just now; null: nobody does. */
  identified = $state.raw<string | null>(null);
  /** Somebody wants this page loaded anew. */
  isToReload = $state(false);
  /** The build that this page was loaded from, as the first rows of the site said it; null: nobody has said yet. */
  loadedBuild = $state.raw<string | null>(null);

  readonly #options: LiveOptions;
  readonly #follower = new Follower(this.tables);
  readonly #siteClock = new SiteClock();
  readonly #socket: Socket<ServerSays, ClientSays>;
  readonly #closing: (() => void)[] = [];
  #refused: Refusal | null = null;
  #heardAt: number | null = null;
  #tick: Tick | null = null;
  #siteAtWord = 0;
  #attempt = 0;
  #triedAt = 0;
  #waiting = false;
  #closed = false;
  #appointed: Cancel | undefined;
  #advancing: Cancel | undefined;
  #resyncAt = -RESYNC_MS;
  #paintedAt: number | undefined;
  #painting = false;
  #identifying: Cancel | undefined;

  constructor(options: LiveOptions) {
    this.#options = options;
    this.#socket = io({
      autoConnect: false,
      reconnection: false,
      transports: ['websocket', 'polling'],
      tryAllTransports: true,
      auth: (tell) => tell(this.#handshake()),
    });
    this.#listen();
    this.#watch();
    this.#try();
  }

  /** What is on the screen is true as of this instant: now while live, else the last that is known. */
  get shownAt(): number {
    return 'asOf' in this.health ? this.health.asOf : this.now;
  }

  /** Says it once, now; nothing is kept for a link that comes back later. */
  command<C extends CommandName>(
    name: C,
    says: CommandSays[C],
  ): Promise<CommandAnswer | CommandLost> {
    if (!this.#socket.connected) return Promise.resolve({ lost: 'unsent' });
    // One name is spoken with its own words; the compiler cannot follow a name through all messages.
    const socket = this.#socket as unknown as Socket;
    return new Promise((resolve) => {
      socket
        .timeout(ANSWER_MS)
        .emit(name, says, (error: Error | null, answer: CommandAnswer) =>
          resolve(error ? { lost: 'unanswered' } : answer),
        );
    });
  }

  /** Goes on over a new connection, since a socket keeps the session that it came with. */
  reconnect(): void {
    // Else the goodbye would be taken for a lost link, and waited for.
    this.#waiting = true;
    this.#socket.disconnect();
    this.#waiting = false;
    this.#attempt = 0;
    this.#try();
  }

  close(): void {
    this.#closed = true;
    for (const undo of this.#closing.splice(0)) undo();
    this.#appointed?.();
    this.#advancing?.();
    this.#identifying?.();
    this.#socket.disconnect();
  }

  #listen(): void {
    const socket = this.#socket;
    socket.on('snapshot', (snapshot) => this.#snapshot(snapshot));
    socket.on('delta', (delta) => {
      this.#heard();
      const taken = this.#follower.delta(delta);
      settle(this.tables);
      if (taken === 'gap') this.#resync();
    });
    socket.on('tick', (tick) => this.#ticked(tick));
    socket.on('refused', ({ reason }) => this.#refuse(reason));
    socket.on('told', (told) => this.#told(told));
    socket.on('connect_error', (error) => {
      const reason = (error as { data?: { reason?: unknown } }).data?.reason ?? error.message;
      const known = REFUSALS.find((refusal) => refusal === reason);
      if (known) this.#refuse(known);
      this.#again();
    });
    socket.on('disconnect', () => this.#again());
  }

  #watch(): void {
    const { clock } = this.#options;
    this.#closing.push(clock.every(JUDGED_EVERY_MS, () => this.#judge()));
    const seen = (): void => {
      if (!document.hidden) clock.after(BACK_IN_SIGHT_MS, () => this.#judge());
    };
    const online = (): void => {
      if (!this.#waiting) return;
      this.#waiting = false;
      this.#try();
    };
    document.addEventListener('visibilitychange', seen);
    addEventListener('online', online);
    this.#closing.push(() => document.removeEventListener('visibilitychange', seen));
    this.#closing.push(() => removeEventListener('online', online));
    this.#advance();
  }

  #snapshot(snapshot: Snapshot): void {
    this.#heard();
    this.#siteClock.heard(snapshot.now, this.#options.clock.monotonic());
    this.#siteAtWord = Math.max(this.#siteAtWord, snapshot.now);
    this.#follower.snapshot(snapshot);
    settle(this.tables);
    this.board = snapshot.board;
    for (const { build } of this.tables.site.values()) this.loadedBuild ??= build ?? null;
    this.#judge();
    this.#advance();
  }

  #ticked(tick: Tick): void {
    this.#heard();
    this.#siteClock.heard(tick.now, this.#options.clock.monotonic());
    this.#tick = tick;
    this.#siteAtWord = tick.now;
    this.beatAt = tick.now;
    this.sources = tick.sources;
    this.#judge();
    // A machine that slept has clocks to catch up with, before its ticker's next turn.
    if (Math.abs(tick.now - this.now) > 2 * TICK_MS) this.#advance();
    if (this.#follower.tick(tick)) this.#resync();
    const { have } = this.#follower;
    if (have) {
      const painted = this.#paintedAt === undefined ? {} : { painted: this.#paintedAt };
      const build = this.loadedBuild === null ? {} : { build: this.loadedBuild };
      this.#socket.emit('have', { ...have, ...painted, ...build });
    }
    this.#awaitPaint();
  }

  /** The sign of life is a frame that was truly drawn, not a timer that ran. */
  #awaitPaint(): void {
    if (this.#painting) return;
    this.#painting = true;
    requestAnimationFrame(() => {
      // Before its callbacks are over the frame is not drawn.
      this.#options.clock.after(0, () => this.#painted());
    });
  }

  #painted(): void {
    this.#painting = false;
    const site = this.#siteClock.at(this.#options.clock.monotonic());
    if (site !== null) this.#paintedAt = Math.round(site);
  }

  #told(told: Told): void {
    if ('reload' in told) {
      this.isToReload = true;
      return;
    }
    const { name, forMs } = told.identify;
    this.#identifying?.();
    this.identified = name;
    this.#identifying = this.#options.clock.after(forMs, () => (this.identified = null));
  }

  #heard(): void {
    this.#heardAt = this.#options.clock.monotonic();
    this.#refused = null;
    this.#attempt = 0;
  }

  #refuse(reason: Refusal): void {
    this.#refused = reason;
    this.#judge();
  }

  #resync(): void {
    const monotonic = this.#options.clock.monotonic();
    if (monotonic - this.#resyncAt < RESYNC_MS) return;
    this.#resyncAt = monotonic;
    this.#follower.asked();
    this.#socket.emit('resync', {});
  }

  #judge(): void {
    // A hidden tab's timers are throttled while messages wait: it is judged at the next message.
    const monotonic = this.#options.clock.monotonic();
    const health = judge({
      refused: this.#refused,
      shown: this.board !== null && this.#tick !== null,
      heardAt: this.#heardAt,
      monotonic,
      siteAtWord: this.#siteAtWord,
      log: this.#tick?.log ?? null,
    });
    if (health.kind === 'link' && document.hidden) return;
    if (!sameHealth(health, this.health)) this.health = health;
    // A link that a cable or a sleeping machine cut does not say so by itself. One that nobody has spoken on is young, and has its own patience.
    if (health.kind === 'link' && this.#socket.connected && this.#hasSpoken)
      this.#socket.disconnect();
  }

  /** The server, since the last try began. */
  get #hasSpoken(): boolean {
    return this.#heardAt !== null && this.#heardAt >= this.#triedAt;
  }

  #handshake(): Handshake {
    const { have } = this.#follower;
    const { board, draft } = this.#options;
    const hello = { protocol: PROTOCOL, board, ...(draft === undefined ? {} : { draft }) };
    return have ? { ...hello, have } : hello;
  }

  #try(): void {
    const { clock } = this.#options;
    this.#triedAt = clock.monotonic();
    this.#socket.connect();
    // A try is over when the server has spoken, not when a socket is open.
    this.#appoint(patienceMs(this.#attempt), () => {
      if (this.#hasSpoken) return;
      this.#socket.disconnect();
      this.#again();
    });
    this.#attempt += 1;
  }

  #again(): void {
    if (this.#closed || this.#waiting) return;
    this.#waiting = true;
    const { clock, random } = this.#options;
    const took = clock.monotonic() - this.#triedAt;
    this.#appoint(retryMs(took, this.#refused, random()), () => {
      this.#waiting = false;
      this.#try();
    });
  }

  /** One appointment at a time: the end of patience with this try, or the next. */
  #appoint(ms: number, run: () => void): void {
    this.#appointed?.();
    this.#appointed = this.#options.clock.after(ms, run);
  }

  /** The one ticker of all clocks on the screen, at the turn of each of the site's seconds. */
  #advance(): void {
    const site = this.#siteClock.at(this.#options.clock.monotonic());
    if (site !== null) this.now = Math.round(site);
    const wait = TICK_MS - (Math.round(site ?? 0) % TICK_MS);
    const cancel = this.#options.clock.after(wait + 5, () => this.#advance());
    this.#advancing?.();
    this.#advancing = cancel;
  }
}
