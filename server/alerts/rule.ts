// What a rule is: which subjects it looks at, what it sees of each, and when time alone may make that another.
import type { Touched } from '../floor/rows.ts';
import type { Hand } from './handed.ts';
import type { Seen } from './machine.ts';
import type { View } from './view.ts';

export type Holding = Omit<Extract<Seen, { kind: 'true' }>, 'kind'>;

export interface Judged {
  /** Null: the condition does not hold. */
  readonly holds: Holding | null;
  /** The next instant at which time alone may change this; null: there is none. */
  readonly nextAt: number | null;
  /** Where it does not hold: because a person saw to it, so that nobody has missed it. */
  readonly isAnswered?: true;
  /** Who laid hands last on what it is about; null or absent: nobody. */
  readonly hand?: Hand | null;
  /** Until when no episode is opened for it; absent: none has to wait. */
  readonly settlesAt?: number;
}

export interface Rule {
  readonly name: string;
  /** Milliseconds for which it must hold before anybody hears of it, and must not before it is over. */
  readonly forMs: number;
  readonly keepFiringMs: number;
  /**
   * While one episode stays open its condition may begin anew. `said`: then its `since` moves on, as the words do, which nobody has to
   * decide. `kept`: it is so since its first beginning. Absent: a beginning is a fact, and another one puts the first right.
   */
  readonly beginsAnew?: 'said' | 'kept';
  /** Subjects of which something may be different now. */
  affected(touched: Touched, view: View): Iterable<string>;
  /** Every subject there is; for the first look. */
  all(view: View): Iterable<string>;
  judge(subject: string, view: View): Judged;
}

export const NOTHING_HOLDS: Judged = { holds: null, nextAt: null };
