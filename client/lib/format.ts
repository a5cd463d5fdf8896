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
}

export function formatOf(language: Language, zone: string): Format {
  const locale = LOCALES[language];
  const count = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
  const short = clockOf(locale, zone, false);
  const long = clockOf(locale, zone, true);
  return {
    count: (n) => count.format(n),
    percent: (fraction) =>
      fraction === null
        ? UNKNOWN
        : percent.format(fraction < 1 ? Math.min(fraction, 0.99) : fraction),
    clock: (at) => short.format(at),
    clockSeconds: (at) => long.format(at),
  };
}

/** m:ss, from an hour on h:mm:ss; `ms` in milliseconds, nothing less than zero. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const s = String(seconds % 60).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}:${s}`;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:${s}`;
}

/** The city of a zone's name: `America/Argentina/Buenos_Aires` is in Buenos Aires; UTC has none. */
export function cityOf(zone: string): string {
  const parts = zone.split('/');
  if (parts.length < 2 || parts[0] === 'Etc') return zone === 'Etc/UTC' ? 'UTC' : zone;
  return (parts[parts.length - 1] ?? zone).replace(/_/g, ' ');
}

function clockOf(locale: string, zone: string, seconds: boolean): Intl.DateTimeFormat {
  const options: Intl.DateTimeFormatOptions = {
    hour: '2-digit',
    minute: '2-digit',
    ...(seconds ? { second: '2-digit' } : {}),
    hourCycle: 'h23',
  };
  try {
    return new Intl.DateTimeFormat(locale, { ...options, timeZone: zone });
  } catch {
    // An old television may not know a young zone; the site's own name for it stands beside the clock.
    return new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' });
  }
}
