// What many readers of a scope are told one by one when a crowd comes at once: a snapshot that is a moment old at most, and the rows that it lacks by now.
import { encodeSnapshot } from '../boards/encoding.ts';
import type { ScopeFeed } from '../boards/feed.ts';
import type { Board } from '../contract/board.ts';
import type { Position } from '../contract/protocol.ts';
import { Message } from './message.ts';

/** Milliseconds; a snapshot says what time it was, so it must not be old. */
const KEPT_MS = 1_000;

interface KeptSnapshot {
  readonly position: Position;
  readonly message: Message;
  /** Milliseconds of a clock that does not go back. */
  readonly madeAt: number;
}

export interface Asked {
  readonly board: Board;
  /** The site's time. */
  readonly now: number;
  /** Milliseconds of a clock that does not go back. */
  readonly mono: number;
}

export class SharedMessages {
  readonly #snapshots = new Map<Board, KeptSnapshot>();
  /** The last rows that somebody lacked; the feed gives one text to all who lack the same. */
  #missing: Message | null = null;

  /** One from which the feed can bring a reader to the present position; made anew where none is young enough. */
  snapshot(feed: ScopeFeed, { board, now, mono }: Asked): KeptSnapshot {
    const kept = this.#snapshots.get(board);
    if (kept !== undefined && isYoung(kept, mono) && feed.since(kept.position).kind !== 'snapshot')
      return kept;
    const { epoch, seq, rowsText: rows } = feed;
    const message = new Message('snapshot', encodeSnapshot({ epoch, seq, now, board, rows }));
    const made = { position: { epoch, seq }, message, madeAt: mono };
    this.#snapshots.set(board, made);
    return made;
  }

  missing(text: string): Message {
    if (this.#missing?.text !== text) this.#missing = new Message('delta', text);
    return this.#missing;
  }

  /** Lets go of what is too old; it may be of megabytes. */
  forget(mono: number): void {
    this.#missing = null;
    for (const [board, kept] of this.#snapshots)
      if (!isYoung(kept, mono)) this.#snapshots.delete(board);
  }
}

function isYoung({ madeAt }: KeptSnapshot, mono: number): boolean {
  return mono - madeAt <= KEPT_MS;
}
