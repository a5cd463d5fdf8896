// From what a person types into a clock of the site to the instant that is meant.

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;

/**
 * The next instant at which the site's clock shows `wanted` ("15:30"), `days` days later than that; null where it is
 * no time. `shown`: what that clock shows at `now` (milliseconds). A change of the clocks between is not looked at.
 */
export function atClock(
  wanted: string,
  {
    now,
    shown,
    days = 0,
  }: { readonly now: number; readonly shown: string; readonly days?: number },
): number | null {
  const [want, has] = [minutesOf(wanted), minutesOf(shown)];
  if (want === null || has === null) return null;
  const away =
    days === 0 ? (want - has + DAY_MINUTES) % DAY_MINUTES : want - has + days * DAY_MINUTES;
  const minute = Math.floor(now / MINUTE_MS) * MINUTE_MS;
  return minute + (away === 0 ? DAY_MINUTES : away) * MINUTE_MS;
}

function minutesOf(clock: string): number | null {
  const [, hours, minutes] = /^(\d{1,2})[:.](\d{2})$/.exec(clock.trim()) ?? [];
  if (hours === undefined || minutes === undefined) return null;
  const [h, m] = [Number(hours), Number(minutes)];
  return h < 24 && m < 60 ? h * 60 + m : null;
}
