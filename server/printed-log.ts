// The printed log: a subscriber of the happenings. Lines for a person at a terminal, JSON for everything else.
import { pino } from 'pino';
import type { Clock } from './clock.ts';
import type { Happening, Severity, Subscriber } from './telemetry.ts';

/** A happening with the same name and text is printed once in so many milliseconds; the rest are counted. */
const REPEAT_MS = 60_000;

export interface PrintedLogOptions {
  readonly clock: Clock;
  readonly format: 'lines' | 'json';
  readonly write: (line: string) => void;
}

export function printedLog({ clock, format, write }: PrintedLogOptions): Subscriber {
  const print = format === 'json' ? jsonPrinter(write) : linePrinter(clock, write);
  const last = new Map<string, { at: number; hushed: number }>();
  return (happening) => {
    // What has no sentence is only counted.
    if (happening.text === undefined || happening.severity === 'debug') return;
    const key = `${happening.name}\n${happening.text}`;
    const now = clock.monotonic();
    const before = last.get(key);
    if (before && now - before.at < REPEAT_MS) {
      before.hushed += 1;
      return;
    }
    // Texts come from a closed set of sentences; should one carry a name, this stays small all the same.
    if (last.size > 1_000) last.clear();
    last.set(key, { at: now, hushed: 0 });
    print(happening, before?.hushed ?? 0);
  };
}

type Print = (happening: Happening, hushed: number) => void;

function jsonPrinter(write: (line: string) => void): Print {
  const log = pino({ base: null, level: 'debug' }, { write });
  return ({ name, severity, text, fields }, hushed) => {
    log[severity]({ happening: name, ...fields, ...(hushed > 0 ? { hushed } : {}) }, text);
  };
}

const MARKS: Readonly<Record<Severity, string>> = { debug: ' ', info: ' ', warn: '!', error: '✗' };

function linePrinter(clock: Clock, write: (line: string) => void): Print {
  return ({ severity, text }, hushed) => {
    const time = new Date(clock.now()).toTimeString().slice(0, 8);
    const more = hushed > 0 ? ` (and ${hushed} times more in between)` : '';
    write(`${time} ${MARKS[severity]} ${text ?? ''}${more}\n`);
  };
}
