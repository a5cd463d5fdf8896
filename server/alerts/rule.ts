// What a rule is: which subjects it looks at, what it sees of each, and when time alone may make that another.
import type { AlertFact, Facts, Touched } from '../floor/rows.ts';
import type { Seen } from './machine.ts';

/** What a rule looks at. */
export interface View {
  readonly facts: Facts;
  /** The site's clock, a moment ago: limits are judged by it, so that events in flight are seen first. */
  readonly now: number;
  /** Contacts that an agent holds or has parked, also while in another. */
  readonly heldBy: (agent: string) => ReadonlySet<string>;
  /** Open episodes of a team. */
  readonly openIn: (team: string) => readonly AlertFact[];
  /** A limit in seconds: the queue's, else the team's, else the site's, else the rule's own. */
  readonly limit: (
    name: string,
    of: { readonly queue?: string | null; readonly team?: string | null },
    otherwise: number,
  ) => number;
}

export type Holding = Omit<Extract<Seen, { kind: 'true' }>, 'kind'>;

export interface Judged {
  /** Null: the condition does not hold. */
  readonly holds: Holding | null;
  /** The next instant at which time alone may change this; null: there is none. */
  readonly nextAt: number | null;
}

export interface Rule {
  readonly name: string;
  /** Milliseconds for which it must hold before anybody hears of it, and must not before it is over. */
  readonly forMs: number;
  readonly keepFiringMs: number;
  /** Subjects of which something may be different now. */
  affected(touched: Touched, view: View): Iterable<string>;
  /** Every subject there is; for the first look. */
  all(view: View): Iterable<string>;
  judge(subject: string, view: View): Judged;
}

export const NOTHING_HOLDS: Judged = { holds: null, nextAt: null };
