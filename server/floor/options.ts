// What a floor is told about its site before the first event; profiles in the log speak louder.
import type { Language } from '../contract/lists.ts';
import type { Limits, Target } from '../contract/rows.ts';

export interface FloorOptions {
  /** Id of the site, such as `main`. */
  readonly site: string;
  /** Absent: the id. */
  readonly name?: string;
  /** IANA name. */
  readonly zone: string;
  /** ISO 3166, two letters; null: addresses without a country code are compared by their digits. */
  readonly country: string | null;
  /** Local time `HH:MM` at which the site's day begins, a multiple of 15 minutes. */
  readonly dayStarts: string;
  readonly languages: readonly Language[];
  readonly demo: boolean;
  readonly build: string;
  /** Milliseconds; the instant at which this floor begins to live. Not read by `restore`. */
  readonly now: number;
  /** Quarters of an hour stay in memory for so many days before the present one; 2 where not said. */
  readonly keptDays?: number;
  /** What a queue has until its profile says otherwise. */
  readonly defaults?: {
    readonly target?: Target;
    readonly shortAbandonSeconds?: number;
    readonly wrapUpSeconds?: number;
    readonly limits?: Limits;
  };
}

/** 80 % within 20 s, of all offered. */
export const DEFAULT_TARGET: Target = { seconds: 20, percent: 80, formula: 'offered' };
export const DEFAULT_SHORT_ABANDON_SECONDS = 5;
export const DEFAULT_LIMITS: Limits = { waitSeconds: 120, holdSeconds: 120 };
