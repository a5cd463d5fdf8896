// Closed intervals outlive the journal and the snapshot: one hash a day, each field rewritten whole.
import type { Lease } from './leases.ts';

const DAY_MS = 86_400_000;
/** Thirty-five days are promised; one more for the zones east and west of it, one for the day itself. */
const KEPT_DAYS = 37;

/** The fields of one day; each value is a whole text of its owner's making, such as JSON. */
export type IntervalFields = ReadonlyMap<string, string>;

export interface IntervalStore {
  /** `day` as `YYYY-MM-DD`. Rejects with `LeaseLost` where the lease is not ours: an old writer must not undo a newer one's counts. */
  saveIntervals(lease: Lease, day: string, fields: IntervalFields): Promise<void>;
  /** By day, from `from` to `to` inclusive; days without any are left out. */
  loadIntervals(from: string, to: string): Promise<ReadonlyMap<string, IntervalFields>>;
}

/** When a day's hash may go, in milliseconds since 1970. */
export function expiryOf(day: string): number {
  return startOf(day) + KEPT_DAYS * DAY_MS;
}

/** Days as `YYYY-MM-DD`, both ends included, at most 400. */
export function daysBetween(from: string, to: string): readonly string[] {
  const last = startOf(to);
  const days: string[] = [];
  for (let at = startOf(from); at <= last && days.length < 400; at += DAY_MS)
    days.push(new Date(at).toISOString().slice(0, 10));
  return days;
}

function startOf(day: string): number {
  const at = /^\d{4}-\d\d-\d\d$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : NaN;
  if (Number.isNaN(at)) throw new Error(`invariant: expected a day as YYYY-MM-DD, got "${day}"`);
  return at;
}
