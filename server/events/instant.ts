// Instants and zones at the door: RFC 3339 or milliseconds become milliseconds, a zone must be one that this machine knows.
import { z } from 'zod';

/** RFC 3339, section 5.6, with the offset that it demands. */
const RFC3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)$/;

/** Instants outside these years are mistakes of a producer, not history. */
const EARLIEST = Date.UTC(1970, 0, 1);
const LATEST = Date.UTC(2200, 0, 1);

export const INSTANT_EXPECTED =
  'an instant: RFC 3339 with offset, or milliseconds since 1970, before the year 2200';

/** Milliseconds since 1970, or null where `value` is not an instant. */
export function parseInstant(value: unknown): number | null {
  const ms = typeof value === 'number' ? value : typeof value === 'string' ? fromText(value) : NaN;
  return Number.isFinite(ms) && ms >= EARLIEST && ms < LATEST ? Math.floor(ms) : null;
}

/** What most programs write, such as `2026-09-16T10:00:00.123Z`. */
const TO_THE_MILLISECOND = /^\d{4}-\d\d-\d\dT([01]\d|2[0-3]):\d\d:\d\d\.\d{3}Z$/;
/** The second that was parsed last: what comes next is mostly of the same one. */
let lastSecond = '';
let lastSecondMs = NaN;

function fromText(value: string): number {
  if (!TO_THE_MILLISECOND.test(value))
    return RFC3339.test(value) ? Date.parse(value.replace(' ', 'T')) : NaN;
  const second = value.slice(0, 19);
  if (second !== lastSecond) {
    lastSecond = second;
    lastSecondMs = Date.parse(`${second}Z`);
  }
  return lastSecondMs + Number(value.slice(20, 23));
}

export const instant = z.union([z.string(), z.number()]).transform((value, context) => {
  const ms = parseInstant(value);
  if (ms !== null) return ms;
  context.addIssue({ code: 'custom', message: INSTANT_EXPECTED });
  return z.NEVER;
});

export const zoneName = z.string().refine(isZone, {
  error: 'a time zone of the IANA list, such as Europe/Riga',
});

/** True if this machine knows the time zone. */
export function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
