// The same weekday a week ago, from the store onto the floor: at the start, and again once the site's day has turned.
import type { Clock } from '../clock.ts';
import type { Floor } from '../floor/floor.ts';
import type { Touched } from '../floor/rows.ts';
import { storedIntervals } from './kept-intervals.ts';
import type { IntervalStore } from '../log/intervals.ts';
import type { Telemetry } from '../telemetry.ts';
import { wordsOf } from '../words-of.ts';

/** Milliseconds between two looks at whether the day has turned. */
const LOOK_MS = 60_000;

export interface LastWeekParts {
  readonly floor: Floor;
  readonly store: Pick<IntervalStore, 'loadIntervals'>;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly onTouched: (touched: Touched) => void;
}

/** Begins at once; what the store does not give is asked for again. */
export function followLastWeek(parts: LastWeekParts): { close(): void } {
  const { floor, store, clock, telemetry, onTouched } = parts;
  let loadedFor: number | null = null;

  async function look(): Promise<void> {
    const { startsAt, endsAt } = floor.weekAgo;
    if (startsAt === loadedFor) return;
    const intervals = await storedIntervals(store, startsAt, endsAt);
    loadedFor = startsAt;
    onTouched(floor.loadIntervals(intervals));
  }

  function lookQuietly(): void {
    look().catch((error: unknown) => {
      const said = wordsOf(error);
      telemetry.announce({ name: 'last-week.missed', severity: 'debug', fields: { said } });
    });
  }

  lookQuietly();
  return { close: clock.every(LOOK_MS, lookQuietly) };
}
