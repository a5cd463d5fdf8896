// The hub: scopes that somebody reads, each with one feed, and the ticks. It decides who is sent what; sockets only carry it.
import { ScopeFeed } from '../boards/feed.ts';
import type { FeedWork } from '../boards/feed.ts';
import { encodeSnapshot } from '../boards/encoding.ts';
import { scopeKey, scopeOf, WHOLE_FLOOR } from '../boards/scope.ts';
import type { Cancel, Clock } from '../clock.ts';
import { DEFAULT_BOARD } from '../contract/board.ts';
import type { Board, Scope } from '../contract/board.ts';
import { TICK_MS } from '../contract/protocol.ts';
import type { LogHealth, Position, Tick } from '../contract/protocol.ts';
import type { Audience } from '../contract/lists.ts';
import type { Facts, Touched } from '../floor/rows.ts';
import type { Telemetry } from '../telemetry.ts';
import { Reader } from './reader.ts';
import type { Say, Wire } from './reader.ts';

/** Milliseconds for which changes are gathered after one was sent. */
const FRAME_MS: Readonly<Record<Audience, number>> = { desk: 50, public: 100 };
/** A scope that nobody reads is kept so long for those who come back. */
const IDLE_MS = 60_000;

export interface HubOptions {
  readonly facts: Facts;
  readonly now: () => number;
  readonly clock: Clock;
  readonly health: () => LogHealth;
  readonly telemetry: Telemetry;
  readonly random: (bytes: number) => Buffer;
  /** Says something to all who follow a room, encoded once. */
  readonly broadcast: (room: string, what: Say, text: string) => void;
}

interface Channel {
  readonly key: string;
  readonly scope: Scope;
  readonly room: string;
  feed: ScopeFeed;
  readonly readers: Set<Reader>;
  /** Boards as they were when somebody read them here. */
  readonly boards: Map<string, Board>;
  /** Set while changes are gathered. */
  gathering: Cancel | null;
  seqAtTick: number;
  usedAt: number;
}

export class Hub {
  readonly #options: HubOptions;
  readonly #channels = new Map<string, Channel>();
  readonly #channelOf = new Map<Reader, Channel>();
  #stopTicks: Cancel | null = null;
  #rooms = 0;

  constructor(options: HubOptions) {
    this.#options = options;
  }

  start(): void {
    this.#stopTicks ??= this.#options.clock.every(TICK_MS, () => this.#tick());
  }

  stop(): void {
    this.#stopTicks?.();
    this.#stopTicks = null;
    for (const channel of this.#channels.values()) this.#close(channel);
  }

  get readers(): number {
    return this.#channelOf.size;
  }

  get scopes(): number {
    return this.#channels.size;
  }

  /** A board as it stands, or null where there is none of that name. */
  board(id: string): Board | null {
    return this.#options.facts.boards.get(id) ?? (id === DEFAULT_BOARD.id ? DEFAULT_BOARD : null);
  }

  /** Brings a new reader up to date. */
  join(wire: Wire, board: Board, have: Position | null): Reader {
    const reader = new Reader(wire, board, this.#mono());
    const channel = this.#enter(reader);
    this.#answer(channel, reader, have);
    reader.wire.follow(channel.room);
    return reader;
  }

  leave(reader: Reader): void {
    const channel = this.#channelOf.get(reader);
    if (channel === undefined) return;
    this.#channelOf.delete(reader);
    channel.readers.delete(reader);
    channel.usedAt = this.#mono();
  }

  /** Its acknowledgement; a reader that was held goes on from there. */
  have(reader: Reader, position: Position): void {
    const channel = this.#channelOf.get(reader);
    if (channel === undefined) return;
    reader.heard(position, channel.feed, this.#mono());
    if (!reader.isHeld || reader.isChoked) return;
    reader.isHeld = false;
    this.#answer(channel, reader, position);
    reader.wire.follow(channel.room);
  }

  /** It did not understand, and wants all. Asked for too often, it waits for the tick. */
  resync(reader: Reader): void {
    const channel = this.#channelOf.get(reader);
    if (channel === undefined) return;
    reader.wantsSnapshot = true;
    this.#resyncIfDue(channel, reader);
  }

  changed(touched: Touched): void {
    if (touched.boards) this.#boardsChanged(touched.boards);
    for (const channel of this.#channels.values()) {
      channel.feed.mark(touched);
      // What nobody reads can wait for the tick.
      if (channel.gathering === null && channel.readers.size > 0) this.#flush(channel);
    }
  }

  reset(): void {
    for (const channel of this.#channels.values()) this.#renew(channel);
  }

  /** JSON of every row of the floor, nothing hidden. */
  wholeFloor(): string {
    const channel = this.#channel(WHOLE_FLOOR);
    channel.usedAt = this.#mono();
    this.#flush(channel);
    return channel.feed.rowsText;
  }

  #enter(reader: Reader): Channel {
    const channel = this.#channel(scopeOf(reader.board));
    // While nobody read it, changes were only gathered.
    if (channel.readers.size === 0) this.#flush(channel);
    channel.readers.add(reader);
    channel.boards.set(reader.board.id, reader.board);
    this.#channelOf.set(reader, channel);
    return channel;
  }

  #channel(scope: Scope): Channel {
    const key = scopeKey(scope);
    const known = this.#channels.get(key);
    if (known !== undefined) return known;
    this.#rooms += 1;
    const channel: Channel = {
      key,
      scope,
      room: `scope ${this.#rooms}`,
      feed: this.#newFeed(scope),
      readers: new Set(),
      boards: new Map(),
      gathering: null,
      seqAtTick: 0,
      usedAt: this.#mono(),
    };
    this.#channels.set(key, channel);
    return channel;
  }

  #newFeed(scope: Scope): ScopeFeed {
    const { facts, random } = this.#options;
    return new ScopeFeed({
      scope,
      facts,
      epoch: random(12).toString('base64url'),
      maskKey: random(32).toString('base64url'),
      onWork: (what, times) => this.#worked(what, times),
    });
  }

  /** The first change leaves at once, then a frame's worth together. */
  #flush(channel: Channel): void {
    const text = channel.feed.flush(this.#mono());
    if (text === null) return;
    this.#sayToAll(channel, 'delta', text);
    channel.gathering ??= this.#options.clock.after(FRAME_MS[channel.scope.audience], () => {
      channel.gathering = null;
      if (channel.feed.isMarked) this.#flush(channel);
    });
  }

  /** What `position` lacks, or all; then a tick, which says at once that this is live, and to which the next `have` is the answer. */
  #answer(channel: Channel, reader: Reader, position: Position | null): void {
    const answer = position === null ? { kind: 'snapshot' as const } : channel.feed.since(position);
    switch (answer.kind) {
      case 'current':
        break;
      case 'missing':
        this.#say(reader, 'delta', answer.text);
        break;
      case 'snapshot':
        this.#say(reader, 'snapshot', this.#snapshotText(channel, reader.board));
        break;
      default:
        answer satisfies never;
    }
    this.#say(reader, 'tick', this.#tickText(channel, this.#tickFacts()));
    reader.broughtTo(channel.feed.seq);
  }

  #snapshotText({ feed }: Channel, board: Board): string {
    const { epoch, seq, rowsText } = feed;
    return encodeSnapshot({ epoch, seq, now: this.#options.now(), board, rows: rowsText });
  }

  #resyncIfDue(channel: Channel, reader: Reader): void {
    if (!reader.wantsSnapshot || reader.isHeld || !reader.mayResync(this.#mono())) return;
    if (reader.isChoked) this.#hold(reader);
    else this.#answer(channel, reader, null);
  }

  #hold(reader: Reader): void {
    reader.isHeld = true;
    reader.wire.follow(null);
    this.#announce('gateway.held');
  }

  #sayToAll(channel: Channel, what: Say, text: string): void {
    const bytes = Buffer.byteLength(text);
    let hearers = 0;
    for (const reader of channel.readers) {
      if (reader.isHeld) continue;
      if (reader.isChoked) {
        this.#hold(reader);
        continue;
      }
      reader.wire.expect(bytes);
      hearers += 1;
    }
    if (hearers === 0) return;
    this.#options.broadcast(channel.room, what, text);
    this.#announceSent(what, hearers, bytes);
  }

  #say(reader: Reader, what: Say, text: string): void {
    const bytes = Buffer.byteLength(text);
    reader.wire.expect(bytes);
    reader.wire.say(what, text);
    this.#announceSent(what, 1, bytes);
  }

  #tick(): void {
    const now = this.#mono();
    const facts = this.#tickFacts();
    for (const channel of this.#channels.values()) {
      if (channel.readers.size === 0) {
        if (now - channel.usedAt > IDLE_MS) this.#close(channel);
        else this.#flush(channel);
        continue;
      }
      // A reader that is dismissed leaves the set while it is walked, which a Set allows.
      for (const reader of channel.readers) this.#look(channel, reader, now);
      this.#sayToAll(channel, 'tick', this.#tickText(channel, facts));
      channel.seqAtTick = channel.feed.seq;
    }
  }

  #look(channel: Channel, reader: Reader, now: number): void {
    if (reader.isSilent(now)) {
      this.#announce('gateway.slow');
      reader.wire.dismiss('slow');
    } else if (!reader.isHeld && (reader.isBehind(channel.seqAtTick) || reader.isChoked)) {
      this.#hold(reader);
    } else this.#resyncIfDue(channel, reader);
  }

  #tickFacts(): Omit<Tick, keyof Position> {
    const now = this.#options.now();
    const sources = Object.create(null) as Record<string, Tick['sources'][string]>;
    for (const { id, state, lastAt } of this.#options.facts.sources.values())
      sources[id] = { state, ageMs: Math.max(0, now - lastAt) };
    return { now, log: this.#options.health(), sources };
  }

  #tickText({ feed: { epoch, seq } }: Channel, facts: Omit<Tick, keyof Position>): string {
    return JSON.stringify({ epoch, seq, ...facts } satisfies Tick);
  }

  #boardsChanged(ids: ReadonlySet<string>): void {
    const touched = new Set<Channel>();
    for (const channel of this.#channels.values())
      for (const [id, board] of channel.boards)
        if (ids.has(id) && this.board(id) !== board) {
          channel.boards.delete(id);
          touched.add(channel);
        }
    for (const channel of touched) {
      for (const reader of [...channel.readers]) {
        const board = this.board(reader.board.id);
        if (board === reader.board) continue;
        this.leave(reader);
        if (board === null) {
          reader.wire.dismiss('board');
          continue;
        }
        reader.board = board;
        reader.wire.follow(null);
        touched.add(this.#enter(reader));
        if (!reader.isHeld) reader.wire.follow(this.#channelOf.get(reader)?.room ?? null);
      }
    }
    // New epochs, also where the scope stayed: who is away now must be told of the board when it comes back.
    for (const channel of touched) this.#renew(channel);
  }

  /** A new life of the scope: everybody begins with a snapshot. */
  #renew(channel: Channel): void {
    channel.gathering?.();
    channel.gathering = null;
    if (channel.readers.size === 0) {
      this.#close(channel);
      return;
    }
    channel.feed = this.#newFeed(channel.scope);
    channel.seqAtTick = 0;
    for (const reader of channel.readers) {
      if (!reader.isHeld && reader.isChoked) this.#hold(reader);
      if (!reader.isHeld) this.#answer(channel, reader, null);
    }
  }

  #close(channel: Channel): void {
    channel.gathering?.();
    channel.gathering = null;
    this.#channels.delete(channel.key);
  }

  #mono(): number {
    return this.#options.clock.monotonic();
  }

  #worked(what: FeedWork, times: number): void {
    this.#options.telemetry.announce({
      name: 'gateway.worked',
      severity: 'debug',
      fields: { what, times },
    });
  }

  #announceSent(what: Say, sockets: number, bytes: number): void {
    this.#options.telemetry.announce({
      name: 'gateway.sent',
      severity: 'debug',
      fields: { what, sockets, bytes: bytes * sockets },
    });
  }

  #announce(name: 'gateway.held' | 'gateway.slow'): void {
    this.#options.telemetry.announce({ name, severity: 'debug' });
  }
}
