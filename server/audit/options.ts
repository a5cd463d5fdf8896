// What the audit is asked: read from its arguments, or a sentence that says what is wrong with them.
import { parseArgs } from 'node:util';
import { FORMULAS } from '../contract/lists.ts';
import type { Formula } from '../contract/lists.ts';
import { isZone } from '../events/instant.ts';

export const USAGE = `Usage: npm run audit -- FILE [options]

FILE holds CloudEvents, one JSON object a line; it may end in .gz, and - is the standard input.
Prints its intervals as CSV, per queue and in all (queue *).

  --every 30m       length of an interval: 15m, 30m, 1h or 1d
  --zone ZONE       time zone, such as Europe/Riga; the system's if absent
  --day-starts 00:00  local time at which a day begins, for --every 1d
  --target 20       seconds within which a contact is to be answered
  --formula NAME    ${FORMULAS.join(', ')}
  --short 5         seconds of wait under which an abandon is short
  --help            this text

A target, formula or short that is given here stands above those of the file's own queue profiles.`;

const EVERY = { '15m': 15, '30m': 30, '1h': 60, '1d': 1_440 } as const;
export type Every = keyof typeof EVERY;

export interface AuditOptions {
  readonly file: string;
  readonly minutes: number;
  readonly zone: string;
  readonly dayStarts: string;
  /** Seconds; null: those of the profiles, else the usual. */
  readonly target: number | null;
  readonly formula: Formula | null;
  readonly short: number | null;
}

export type Asked =
  | { readonly kind: 'audit'; readonly options: AuditOptions }
  | { readonly kind: 'help' }
  | { readonly kind: 'refused'; readonly sentence: string };

export function readOptions(args: readonly string[]): Asked {
  try {
    return check(parse(args));
  } catch (error) {
    return refuse(
      error instanceof Error ? `${error.message.split('. ')[0] ?? ''}.` : String(error),
    );
  }
}

function parse(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      every: { type: 'string', default: '30m' },
      zone: { type: 'string' },
      'day-starts': { type: 'string', default: '00:00' },
      target: { type: 'string' },
      formula: { type: 'string' },
      short: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
}

function check({ values, positionals }: ReturnType<typeof parse>): Asked {
  if (values.help) return { kind: 'help' };
  const [file] = positionals;
  if (file === undefined || positionals.length !== 1)
    return refuse(`One FILE was expected, ${positionals.length} were given.`);
  const { every, formula } = values;
  if (!isEvery(every)) return refuse(wrong('--every', Object.keys(EVERY).join(', '), every));
  const zone = values.zone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!isZone(zone)) return refuse(wrong('--zone', 'a time zone such as Europe/Riga', zone));
  const dayStarts = values['day-starts'];
  if (!/^([01]\d|2[0-3]):(00|15|30|45)$/.test(dayStarts))
    return refuse(wrong('--day-starts', 'HH:MM, a multiple of 15 minutes', dayStarts));
  if (formula !== undefined && !isFormula(formula))
    return refuse(wrong('--formula', FORMULAS.join(', '), formula));
  for (const name of ['target', 'short'] as const)
    if (values[name] !== undefined && !isSeconds(values[name]))
      return refuse(wrong(`--${name}`, 'seconds, 0 or more', values[name]));
  return {
    kind: 'audit',
    options: {
      file,
      minutes: EVERY[every],
      zone,
      dayStarts,
      target: values.target === undefined ? null : Number(values.target),
      formula: formula ?? null,
      short: values.short === undefined ? null : Number(values.short),
    },
  };
}

function isEvery(value: string): value is Every {
  return Object.hasOwn(EVERY, value);
}

function isFormula(value: string): value is Formula {
  return (FORMULAS as readonly string[]).includes(value);
}

function isSeconds(value: string): boolean {
  return /^\d+(\.\d+)?$/.test(value) && Number(value) <= 1_000_000;
}

function wrong(name: string, expected: string, given: string): string {
  return `${name} was expected to be ${expected}; given: ${given}.`;
}

function refuse(sentence: string): Asked {
  return { kind: 'refused', sentence };
}
