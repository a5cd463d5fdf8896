// How busy a day is, hour by hour, in the site's zone. Nights are quieter, never empty: a newcomer at 03:00 sees a living wall.
import { DateTime } from 'luxon';

/** Load at the start of each hour as a share of the day's highest; the floor is a half. */
const HOURS = [
  0.54, 0.52, 0.5, 0.5, 0.51, 0.55, 0.62, 0.74, 0.88, 0.96, 1, 0.98, 0.91, 0.9, 0.95, 0.97, 0.94,
  0.88, 0.81, 0.75, 0.71, 0.67, 0.62, 0.57,
] as const;
const HALF_HOUR_MS = 1_800_000;

/** The load of the half hour in which `instant` lies, read between the hours of the list, and that half hour's end. */
export function loadAt(
  instant: number,
  zone: string,
): { readonly share: number; readonly until: number } {
  const start = Math.floor(instant / HALF_HOUR_MS) * HALF_HOUR_MS;
  const local = DateTime.fromMillis(start, { zone });
  const hour = local.hour;
  const here = HOURS[hour] ?? 1;
  const next = HOURS[(hour + 1) % 24] ?? 1;
  const share = here + (next - here) * (local.minute / 60);
  return { share, until: start + HALF_HOUR_MS };
}

/** The instant at which the site's present day began. */
export function dayStartOf(now: number, zone: string, dayStarts: string): number {
  const [hour = 0, minute = 0] = dayStarts.split(':').map(Number);
  const local = DateTime.fromMillis(now, { zone });
  const today = local.set({ hour, minute, second: 0, millisecond: 0 });
  return (today > local ? today.minus({ days: 1 }) : today).toMillis();
}
