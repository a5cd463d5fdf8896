// Decisions about episodes: a proposal becomes true in one step that compares, writes, tells the journal, and fills the outbox.
import type { Fields } from '../events/decode.ts';
import type { Notice } from './outbox.ts';

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
  /** Ids of notices that are taken back where nobody was told yet. */
  readonly withdrawn: readonly string[];
}

/** `stale`: the episode has moved since, or another one of its key is open; nothing was written. */
export type Decided = 'taken' | 'stale';

/** An episode as a server's floor has it; `revision` 0 and no entry: it knows nothing of it. */
export interface Held extends Pick<Decision, 'episode' | 'key' | 'revision' | 'isOpen'> {
  /** The entry `alert.moved` that would make it so. */
  readonly entry: Fields | null;
  /** What was decided to be told and is not known to have been, by its old names; written where the episode is. */
  readonly notices: readonly Notice[];
  /** Lanes on which something of it has arrived, so that its end is told there. */
  readonly told: readonly string[];
}

/**
 * `same`: nothing was written. `written`: Redis had less of it, as after it was emptied or set back, and has it now. `retold`: Redis has
 * more, and said it in the journal once again.
 */
export type Reconciled = 'same' | 'written' | 'retold';

export interface DecisionStore {
  /** Rejects with `LogTrouble` where Redis fails; it may have been taken even so, which the journal tells. */
  decide(decision: Decision): Promise<Decided>;
  /**
   * Brings what Redis and this floor hold of an episode together, after entries were lost on either side. Nobody is told anything new. Where another
   * episode of the key is open in Redis, that one is said in the journal once again.
   */
  reconcile(held: Held): Promise<Reconciled>;
}

/** Milliseconds for which an ended episode's revision is remembered, longer than anybody could propose about it. */
export const ENDED_KEPT_MS = 48 * 3_600_000;
