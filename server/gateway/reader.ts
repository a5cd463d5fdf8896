// One screen or program that reads a scope: how far it is known to be, and what that means for what it is sent next.
import type { Board } from '../contract/board.ts';
import type { Position, Refusal } from '../contract/protocol.ts';
import type { Message } from './message.ts';

/** Deltas that may be unacknowledged when a tick has passed since they were sent. */
const DELTAS_MOST = 1;
/** Bytes that may wait to be sent to one reader. */
export const UNSENT_MOST = 256 * 1024;
/** Milliseconds without a `have` after which a reader is closed. */
const SILENT_MS = 10_000;
/** Milliseconds between two answers to `resync`. */
const RESYNC_MS = 1_000;

/** What the hub needs of a socket. */
export interface Wire {
  /** To this one alone. */
  say(message: Message): void;
  /** Hears what is said in `room`, or nothing that is said to many. */
  follow(room: string | null): void;
  /** Something of so many bytes is about to be said in its room. */
  expect(bytes: number): void;
  unsentBytes(): number;
  /** Says why, and closes. */
  dismiss(reason: Refusal): void;
}

/** Who reads, as far as that decides what they are sent. */
export interface Viewer {
  /** The teams that they may see; null: all. */
  readonly teams: readonly string[] | null;
  /** What of the board is this screen's own. */
  readonly own?: Partial<Pick<Board, 'screen' | 'language'>>;
}

export interface ReaderOptions {
  /** A board may be saved for another audience while it is read. */
  readonly mayRead: (board: Board) => boolean;
  readonly board: Board;
  readonly viewer: Viewer;
  /** Milliseconds of a clock that does not go back. */
  readonly now: number;
}

export class Reader {
  readonly wire: Wire;
  readonly mayRead: (board: Board) => boolean;
  board: Board;
  viewer: Viewer;
  /** True while it is sent nothing, until its next `have`. */
  isHeld = false;
  /** It asked for a snapshot and did not get it yet. */
  wantsSnapshot = false;
  /** What it was sent before it was held; all of that arrives, so what it has is this at least. */
  #sent: Position | null = null;
  #acknowledged = 0;
  #heardAt: number;
  #resyncedAt = Number.NEGATIVE_INFINITY;

  constructor(wire: Wire, { board, viewer, mayRead, now }: ReaderOptions) {
    this.wire = wire;
    this.mayRead = mayRead;
    this.board = board;
    this.viewer = viewer;
    this.#heardAt = now;
  }

  /** The board as this screen shows it; the same object where nothing is its own, since what many are sent is kept by it. */
  get shown(): Board {
    const { own } = this.viewer;
    if (own === undefined) return this.board;
    return { ...this.board, ...own, screen: { ...this.board.screen, ...own.screen } };
  }

  /** It was just sent all that there is up to `seq`. */
  broughtTo(seq: number): void {
    this.#acknowledged = seq;
    this.wantsSnapshot = false;
  }

  /** Its `have` came; `position` counts where it is of the present epoch. */
  heard(position: Position, present: Position, now: number): void {
    this.#heardAt = now;
    if (position.epoch !== present.epoch) return;
    this.#acknowledged = Math.max(this.#acknowledged, Math.min(position.seq, present.seq));
  }

  /** `sent`: up to where it was sent everything; null: nothing yet of the present epoch. */
  hold(sent: Position | null): void {
    this.isHeld = true;
    this.#sent = sent;
  }

  /** Where it stands once all that is on its way has come; `position` is what its `have` said. */
  standing(position: Position): Position {
    const sent = this.#sent;
    return sent?.epoch === position.epoch && sent.seq > position.seq ? sent : position;
  }

  isSilent(now: number): boolean {
    return now - this.#heardAt > SILENT_MS;
  }

  /** `seqAtTick`: the position at the tick before this one. */
  isBehind(seqAtTick: number): boolean {
    return seqAtTick - this.#acknowledged > DELTAS_MOST;
  }

  get isChoked(): boolean {
    return this.wire.unsentBytes() > UNSENT_MOST;
  }

  /** True if a `resync` may be answered at `now`, which then counts as answered. */
  mayResync(now: number): boolean {
    if (now - this.#resyncedAt < RESYNC_MS) return false;
    this.#resyncedAt = now;
    return true;
  }
}
