// Closed intervals on their way to the store and back: one hash a day, a field an interval.
import type { Interval } from '../floor/floor.ts';
import type { Lease } from '../log/leases.ts';
import type { IntervalStore } from '../log/intervals.ts';

export async function saveIntervals(
  store: Pick<IntervalStore, 'saveIntervals'>,
  lease: Lease,
  intervals: readonly Interval[],
): Promise<void> {
  const days = new Map<string, Map<string, string>>();
  for (const interval of intervals) {
    const day = dayOf(interval.start);
    const fields = days.get(day) ?? new Map<string, string>();
    days.set(day, fields.set(fieldOf(interval), JSON.stringify(interval)));
  }
  for (const [day, fields] of days) await store.saveIntervals(lease, day, fields);
}

/** Days of the store are UTC's: the site may move, the hash stays where it is. */
function dayOf(instant: number): string {
  return new Date(instant).toISOString().slice(0, 10);
}

/** The interval's field in its day's hash. */
export function fieldOf({ queue, start }: Interval): string {
  return `${queue} ${start}`;
}

/** Intervals of the store that begin in [from, to). What cannot be read is left out. */
export async function storedIntervals(
  store: Pick<IntervalStore, 'loadIntervals'>,
  from: number,
  to: number,
): Promise<readonly Interval[]> {
  const days = await store.loadIntervals(dayOf(from), dayOf(to));
  const found: Interval[] = [];
  for (const fields of days.values())
    for (const text of fields.values()) {
      const interval = intervalIn(text);
      if (interval !== null && interval.start >= from && interval.start < to) found.push(interval);
    }
  return found;
}

function intervalIn(text: string): Interval | null {
  try {
    return JSON.parse(text) as Interval;
  } catch {
    return null;
  }
}
