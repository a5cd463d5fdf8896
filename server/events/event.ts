// One union of everything that can happen, as the floor sees it and as a producer writes it.
import type { DataIn, DataOf, EventType } from './schema.ts';

interface Envelope {
  /** Id of the thing that it is about. */
  readonly subject: string;
  /** Who says it, such as `asterisk/pbx1`. */
  readonly source: string;
  /** Unique for its source. */
  readonly id: string;
  /** When it happened, in milliseconds on the site's clock, never more than 2 s after its entry. */
  readonly at: number;
}

/** What happened, of one type or of any. Narrow it by `type`. */
export type PharosEvent<T extends EventType = EventType> = {
  [K in T]: Envelope & { readonly type: K; readonly data: DataOf[K] };
}[T];

/** Who speaks where Pharos itself does; nobody else may. */
export const OWN_SOURCE = 'pharos';

/** What a producer hands to the log, not yet through the door. */
export type NewEvent<T extends EventType = EventType> = {
  [K in T]: {
    readonly type: K;
    readonly subject: string;
    readonly data: DataIn[K];
    readonly source?: string;
    readonly id?: string;
    /** Milliseconds on the site's clock; absent: the instant at which the entry is written. */
    readonly at?: number;
  };
}[T];

/** Hands events to the log, in order; gives their entry ids when all are in it, throws when none is known to be. */
export type Append = (events: readonly NewEvent[]) => Promise<readonly string[]>;
