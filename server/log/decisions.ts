// Decisions about episodes: a proposal becomes true in one step that compares, writes, tells the journal, and fills the outbox.
import type { Fields } from '../events/decode.ts';

export interface Decision {
  readonly episode: string;
  /** One open episode at most has it. */
  readonly key: string;
  /** The revision that the proposal saw; 0: there is no such episode yet. */
  readonly expected: number;
  readonly revision: number;
  /** After the move. */
  readonly isOpen: boolean;
  /** The entry `alert.moved`. */
  readonly entry: Fields;
  /** What people are to be told by it. */
  readonly notices: readonly Notice[];
}

/** A row of the outbox. One whose id is there already, or was before, is not written again. */
export interface Notice {
  readonly id: string;
  /** Milliseconds on the site's clock; not before. */
  readonly dueAt: number;
  /** JSON; the outbox does not read it. */
  readonly text: string;
}

/** `stale`: the episode has moved since, or another one of its key is open; nothing was written. */
export type Decided = 'taken' | 'stale';

export interface DecisionStore {
  /** Rejects with `LogTrouble` where Redis fails; it may have been taken even so, which the journal tells. */
  decide(decision: Decision): Promise<Decided>;
}

/** Milliseconds for which an ended episode's revision is remembered, longer than anybody could propose about it. */
export const ENDED_KEPT_MS = 48 * 3_600_000;
