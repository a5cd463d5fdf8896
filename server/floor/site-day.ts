// The site's day: from one `day starts at` to the next in the site's zone, 23, 24 or 25 hours long.
import { DateTime } from 'luxon';

export interface SiteDay {
  /** `YYYY-MM-DD`, the local date on which it begins. */
  readonly label: string;
  readonly startsAt: number;
  readonly endsAt: number;
}

/** The day of the site in which `at` lies. `dayStarts` is `HH:MM`. */
export function siteDayOf(at: number, zone: string, dayStarts: string): SiteDay {
  const noon = DateTime.fromMillis(at, { zone }).set({ hour: 12, minute: 0, second: 0 });
  // A day begins on the date of `at` or, where it begins late, on the date before.
  for (const back of [0, 1, 2]) {
    const day = dayFrom(noon.minus({ days: back }), dayStarts);
    if (day.startsAt <= at && at < day.endsAt) return day;
  }
  return dayFrom(noon, dayStarts);
}

/** The day of the site that began `days` before the one that starts at `startsAt`. */
export function siteDayBefore(
  startsAt: number,
  days: number,
  { zone, dayStarts }: { readonly zone: string; readonly dayStarts: string },
): SiteDay {
  const date = DateTime.fromMillis(startsAt, { zone });
  return dayFrom(date.set({ hour: 12, minute: 0 }).minus({ days }), dayStarts);
}

/** The beginning of the span of `minutes` in which `at` lies, aligned to local time. */
export function alignedStart(at: number, minutes: number, zone: string): number {
  const span = minutes * 60_000;
  const offset = DateTime.fromMillis(at, { zone }).offset * 60_000;
  return Math.floor((at + offset) / span) * span - offset;
}

function dayFrom(date: DateTime, dayStarts: string): SiteDay {
  return {
    label: date.toFormat('yyyy-MM-dd'),
    startsAt: startOn(date, dayStarts),
    endsAt: startOn(date.plus({ days: 1 }), dayStarts),
  };
}

function startOn(date: DateTime, dayStarts: string): number {
  const [hour = 0, minute = 0] = dayStarts.split(':').map(Number);
  return date.set({ hour, minute, second: 0, millisecond: 0 }).toMillis();
}
