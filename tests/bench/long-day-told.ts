// All that a long day told and showed, as its tables are made from it.
import type { BesideAnew } from './long-day-anew.ts';
import type { Figure } from './long-day-figures.ts';
import type { Kinds } from './long-day-kinds.ts';
import type { RecordSizes } from './long-day-record.ts';
import type { Counts, Wall } from './long-day-screens.ts';

export interface Told {
  readonly date: string;
  readonly minutes: number;
  readonly warmUpMinutes: number;
  /** The warm-up was as long as it has to be. */
  readonly isWarm: boolean;
  readonly speed: number;
  readonly seed: number;
  readonly events: number;
  readonly oldEntries: number;
  readonly trimmed: number;
  readonly snapshots: number;
  readonly size: { readonly agents: number; readonly people: number; readonly queues: number };
  readonly screens: Counts;
  readonly machine: string;
  readonly state: { readonly start: State; readonly end: State };
  readonly figures: readonly Figure[];
  readonly anew: readonly BesideAnew[];
}

/** What there is to know after so much of a day. */
export interface State {
  /** Of the record in Redis. */
  readonly lists: RecordSizes;
  /** Heap of a server that has just begun from it. */
  readonly heapMb: number;
  /** Of each wall's heap. */
  readonly kinds: Readonly<Record<Wall['name'], Kinds>>;
}
