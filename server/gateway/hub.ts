// The hub: the scopes that somebody reads, the boards that choose them, and the tick that goes through all.
import { scopeKey, scopeOf, WHOLE_FLOOR } from '../boards/scope.ts';
import type { Cancel, Clock } from '../clock.ts';
import { DEFAULT_BOARD, DESK_BOARD } from '../contract/board.ts';
import type { Board, Scope } from '../contract/board.ts';
import { bareRecord } from '../contract/delta.ts';
import { TICK_MS } from '../contract/protocol.ts';
import type { LogHealth, Position, Tick } from '../contract/protocol.ts';
import type { Facts, Touched } from '../floor/rows.ts';
import type { Telemetry } from '../telemetry.ts';
import { Channel } from './channel.ts';
import type { TickFacts } from './channel.ts';
import type { Say } from './message.ts';
import { Reader } from './reader.ts';
import type { Viewer, Wire } from './reader.ts';

/** A scope that nobody reads is kept so long for those who come back. */
const IDLE_MS = 60_000;

export interface HubOptions {
  readonly facts: Facts;
  readonly now: () => number;
  readonly clock: Clock;
  readonly health: () => LogHealth;
  readonly telemetry: Telemetry;
  readonly random: (bytes: number) => Buffer;
  readonly firstBoard?: Board;
  readonly broadcast: (room: string, what: Say, text: string) => void;
}

/** One object, so that identity tells change. */
const NO_TEAMS: readonly string[] = [];

export interface Joining {
  readonly board: Board;
  readonly viewer: Viewer;
  readonly mayRead: (board: Board) => boolean;
  readonly have: Position | null;
}

export class Hub {
  readonly #options: HubOptions;
  /** By the key of their scope. */
  readonly #channels = new Map<string, Channel>();
  readonly #channelOf = new Map<Reader, Channel>();
  /** The teams that each queue serves, as they were when scopes were last made of them. */
  readonly #served = new Map<string, readonly string[]>();
  /** Boards that are there until somebody saves others of their ids. */
  readonly #own: readonly Board[];
  #stopTicks: Cancel | null = null;
  #rooms = 0;

  constructor(options: HubOptions) {
    this.#options = options;
    const { firstBoard = DEFAULT_BOARD } = options;
    this.#own = [firstBoard, { ...DESK_BOARD, language: firstBoard.language }];
  }

  start(): void {
    this.#stopTicks ??= this.#options.clock.every(TICK_MS, () => this.#tick());
  }

  stop(): void {
    this.#stopTicks?.();
    this.#stopTicks = null;
    for (const channel of this.#channels.values()) channel.close();
    this.#channels.clear();
  }

  get readers(): number {
    return this.#channelOf.size;
  }

  get scopes(): number {
    return this.#channels.size;
  }

  /** A board as it stands, or null where there is none of that name; absent: the first one. */
  board(id = this.#options.firstBoard?.id ?? DEFAULT_BOARD.id): Board | null {
    const saved = this.#options.facts.boards.get(id);
    return saved ?? this.#own.find((board) => board.id === id) ?? null;
  }

  /** All that there are. */
  boards(): readonly Board[] {
    const saved = this.#options.facts.boards;
    return [...this.#own.filter(({ id }) => !saved.has(id)), ...saved.values()];
  }

  /** Brings a new reader up to date. */
  join(wire: Wire, { board, viewer, mayRead, have }: Joining): Reader {
    const reader = new Reader(wire, {
      board,
      viewer,
      mayRead,
      now: this.#options.clock.monotonic(),
    });
    const channel = this.#enter(reader);
    channel.answer(reader, have);
    wire.follow(channel.room);
    return reader;
  }

  /** Another viewer reads from now on: it begins anew with what that one may see. */
  rescope(reader: Reader, viewer: Viewer): void {
    reader.viewer = viewer;
    this.leave(reader);
    const channel = this.#enter(reader);
    reader.wire.follow(reader.isHeld ? null : channel.room);
    channel.anew(reader);
  }

  leave(reader: Reader): void {
    this.#channelOf.get(reader)?.remove(reader);
    this.#channelOf.delete(reader);
  }

  have(reader: Reader, position: Position): void {
    this.#channelOf.get(reader)?.have(reader, position);
  }

  resync(reader: Reader): void {
    this.#channelOf.get(reader)?.resync(reader);
  }

  changed(touched: Touched): void {
    if (touched.boards) this.#boardsChanged(touched.boards);
    if (touched.queues && this.#servedChanged(touched.queues)) this.#rescopeAll();
    for (const channel of this.#channels.values()) channel.changed(touched);
  }

  reset(): void {
    for (const [key, channel] of this.#channels) this.#renew(key, channel);
  }

  /** JSON of every row of the floor, nothing hidden. */
  wholeFloor(): string {
    return this.#channel(WHOLE_FLOOR).rowsText();
  }

  #enter(reader: Reader): Channel {
    const channel = this.#channel(this.#scopeOf(reader));
    channel.add(reader);
    this.#channelOf.set(reader, channel);
    return channel;
  }

  #scopeOf({ board, viewer }: Reader): Scope {
    return scopeOf(board, viewer.teams, this.#options.facts);
  }

  /** True if a queue serves other teams than before. Rows of queues change at each call, the teams hardly ever. */
  #servedChanged(ids: ReadonlySet<string>): boolean {
    let isChanged = false;
    for (const id of ids) {
      const teams = this.#options.facts.queues.get(id)?.teams ?? NO_TEAMS;
      const before = this.#served.get(id) ?? NO_TEAMS;
      if (teams === before) continue;
      this.#served.set(id, teams);
      isChanged ||= teams.length !== before.length || teams.some((team, at) => team !== before[at]);
    }
    return isChanged;
  }

  /** Those who see queues by teams may see others now. */
  #rescopeAll(): void {
    for (const [reader, channel] of [...this.#channelOf])
      if (scopeKey(this.#scopeOf(reader)) !== channel.key) this.rescope(reader, reader.viewer);
  }

  #channel(scope: Scope): Channel {
    const key = scopeKey(scope);
    const known = this.#channels.get(key);
    if (known !== undefined) return known;
    this.#rooms += 1;
    const room = `scope ${this.#rooms}`;
    const channel = new Channel({
      ...this.#options,
      scope,
      key,
      room,
      tickFacts: () => this.#tickFacts(),
    });
    this.#channels.set(key, channel);
    return channel;
  }

  #tick(): void {
    const now = this.#options.clock.monotonic();
    const facts = this.#tickFacts();
    for (const [key, channel] of this.#channels) {
      if (channel.idleMs(now) > IDLE_MS) this.#drop(key, channel);
      else channel.tick(facts);
    }
  }

  #tickFacts(): TickFacts {
    const now = this.#options.now();
    const sources = bareRecord<Tick['sources'][string]>();
    for (const { id, state, lastAt, fault } of this.#options.facts.sources.values())
      sources[id] = {
        state,
        ageMs: Math.max(0, now - lastAt),
        ...(fault === undefined ? {} : { fault }),
      };
    return { now, log: this.#options.health(), sources };
  }

  /** New epochs, also where the scope stayed: who is away now must be told of the board when it comes back. */
  #boardsChanged(ids: ReadonlySet<string>): void {
    const left = new Set<Channel>();
    for (const channel of this.#channels.values())
      for (const [id, board] of channel.boards)
        if (ids.has(id) && this.board(id) !== board) {
          channel.boards.delete(id);
          left.add(channel);
        }
    const entered = new Set<Channel>();
    for (const channel of left)
      for (const reader of [...channel.readers]) {
        const moved = this.#follow(reader);
        if (moved !== null) entered.add(moved);
      }
    for (const [key, channel] of this.#channels)
      if (left.has(channel) || entered.has(channel)) this.#renew(key, channel);
  }

  /** Takes a reader to where its board is now; null where it stays, or has no board any more. */
  #follow(reader: Reader): Channel | null {
    const board = this.board(reader.board.id);
    if (board === reader.board) return null;
    this.leave(reader);
    if (board === null || !reader.mayRead(board)) {
      reader.wire.dismiss('board');
      return null;
    }
    reader.board = board;
    const channel = this.#enter(reader);
    reader.wire.follow(reader.isHeld ? null : channel.room);
    return channel;
  }

  #renew(key: string, channel: Channel): void {
    if (channel.readers.size === 0) this.#drop(key, channel);
    else channel.renew();
  }

  #drop(key: string, channel: Channel): void {
    channel.close();
    this.#channels.delete(key);
  }
}
