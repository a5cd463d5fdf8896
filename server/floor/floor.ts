// What is true now: the floor folds events one by one. Pure: no clock, no IO; the same events and instants give the same rows.
import type { PharosEvent } from '../events/event.ts';
import type { FloorDump } from './dump.ts';
import type { Interval } from './interval.ts';
import type { FloorOptions } from './options.ts';
import type { Facts, Touched } from './rows.ts';

export type { FloorDump } from './dump.ts';
export type { FloorOptions } from './options.ts';
export type { Interval } from './interval.ts';

/**
 * Order of calls, per entry of the log: `expire(instant of the entry)`, then `apply(event)`. Expiring more often,
 * at any instants in between, changes nothing in the outcome, so a replay equals living through it.
 */
export class Floor {
  constructor(options: FloorOptions) {
    throw new Error(`being built: ${options.site}`);
  }
  /** A floor that goes on where `dump` stopped. Throws on a dump of another version. */
  static restore(dump: FloorDump, options: FloorOptions): Floor {
    throw new Error(`being built: ${options.site} ${dump.version}`);
  }
  /** Read-only; rows are immutable and replaced, so identity tells change. */
  declare readonly facts: Facts;
  /** What the event changed; the shared `NOTHING` where nothing. */
  declare apply: (event: PharosEvent) => Touched;
  /** What time alone changes, up to and including `now` (milliseconds). */
  declare expire: (now: number) => Touched;
  /** The earliest instant at which `expire` would change something. */
  declare nextAt: () => number | null;
  /** An entry of `source` was refused at the door. */
  declare noteRefused: (source: string, reason: string) => Touched;
  /** A clock of `source` was ahead by so many milliseconds. */
  declare noteSkew: (source: string, skewMs: number) => Touched;
  /** JSON-able, whole. */
  declare dump: () => FloorDump;
  /** Intervals that ended by `now` and changed since they were last taken, each whole. */
  declare takeClosedIntervals: (now: number) => readonly Interval[];
  /** Intervals in memory that begin in [from, to), of one queue or of all (`*` among them). */
  declare intervals: (from: number, to: number, queue?: string) => readonly Interval[];
  /** Hands in stored intervals, such as those of a week ago, for the rows of `intervals`. */
  declare loadIntervals: (intervals: readonly Interval[]) => Touched;
}
