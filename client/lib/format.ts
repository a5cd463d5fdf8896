// Numbers, clocks and durations as a screen writes them, by Intl where a language has a say.
import type { Language } from '../../server/contract/lists.ts';

/** What stands where nothing is known: never a zero. */
export const UNKNOWN = '–';

const LOCALES: Readonly<Record<Language, string>> = { en: 'en-GB', zh: 'zh-Hans-CN', lv: 'lv-LV' };

export interface Format {
  readonly count: (n: number) => string;
  /** `fraction` of 1; a fraction below 1 is never rounded up to the whole. */
  readonly percent: (fraction: number | null) => string;
  /** Hours and minutes in the site's zone. */
  readonly clock: (at: number) => string;
  /** Hours, minutes and seconds in the site's zone. */
  readonly clockSeconds: (at: number) => string;
  /** Weekday, day and month in the site's zone. */
  readonly weekdayAndDate: (at: number) => string;
  /** Which day that is, beside `today`: nothing where it is the same, the weekday of one that is near, else the date. */
  readonly day: (at: number, today: Day) => string;
}

/** A day of the site, from the first of these instants up to the second. */
export interface Day {
  readonly startsAt: number;
  readonly endsAt: number;
}

const DAY_MS = 86_400_000;
/** So many days before or after today a weekday means one day only. */
const NEAR_DAYS = 6;
/** And so many a day and a month mean one year only. */
const YEAR_DAYS = 300;

export function formatOf(language: Language, zone: string): Format {
  const locale = LOCALES[language];
  const count = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
  const short = inZone(locale, zone, CLOCK);
  const long = inZone(locale, zone, { ...CLOCK, second: '2-digit' });
  // A weekday that stands alone has a capital in some languages; this one stands before its time.
  const weekday = inZone(locale, zone, { ...CLOCK, weekday: 'short' });
  const date = inZone(locale, zone, { day: 'numeric', month: 'short' });
  const full = inZone(locale, zone, { weekday: 'short', day: 'numeric', month: 'short' });
  const dated = inZone(locale, zone, { day: 'numeric', month: 'short', year: 'numeric' });
  return {
    count: (n) => count.format(n),
    percent: (fraction) =>
      fraction === null
        ? UNKNOWN
        : percent.format(fraction < 1 ? Math.min(fraction, 0.99) : fraction),
    clock: (at) => short.format(at),
    clockSeconds: (at) => long.format(at),
    weekdayAndDate: (at) => full.format(at),
    day(at, { startsAt, endsAt }) {
      const awayMs = Math.max(startsAt - at, at - endsAt + 1);
      if (awayMs <= 0) return '';
      if (awayMs <= NEAR_DAYS * DAY_MS)
        return weekday.formatToParts(at).find(({ type }) => type === 'weekday')?.value ?? '';
      return (awayMs <= YEAR_DAYS * DAY_MS ? date : dated).format(at);
    },
  };
}

/** By how many whole days, in milliseconds, `now` lies behind the day that ends at `endsAt`. A change of the clocks between is not looked at. */
export function daysGone(endsAt: number, now: number): number {
  return now < endsAt ? 0 : (Math.floor((now - endsAt) / DAY_MS) + 1) * DAY_MS;
}

/** The city of a zone's name: `America/Argentina/Buenos_Aires` is in Buenos Aires; UTC has none. */
export function cityOf(zone: string): string {
  const parts = zone.split('/');
  if (parts.length < 2 || parts[0] === 'Etc') return zone === 'Etc/UTC' ? 'UTC' : zone;
  return (parts[parts.length - 1] ?? zone).replace(/_/g, ' ');
}

const CLOCK: Intl.DateTimeFormatOptions = {
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
};

function inZone(
  locale: string,
  timeZone: string,
  options: Intl.DateTimeFormatOptions,
): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat(locale, { ...options, timeZone });
  } catch {
    // An old television may not know a young zone; the site's own name for it stands beside the clock.
    return new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' });
  }
}
