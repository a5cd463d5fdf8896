// Refusals in words: a line now and then with an example, since a line for each would be a flood that any producer could send.
import type { Clock } from './clock.ts';
import type { Refusal } from './log/refusals.ts';
import type { Telemetry } from './telemetry.ts';

/** Milliseconds between two lines. */
const EVERY_MS = 60_000;
/** A name that is told. Another may be a customer's text, or write on somebody's terminal. */
const PLAIN = /^[\w.:-]{1,64}$/;

export interface TellParts {
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

/** What was given is not told: it may be a customer's. The refused stream has it. */
export function tellRefusals({
  clock,
  telemetry,
}: TellParts): (refusal: Pick<Refusal, 'source' | 'field' | 'expected'>) => void {
  let toldAt = -Infinity;
  let untold = 0;
  return ({ source, field, expected }) => {
    untold += 1;
    if (clock.monotonic() - toldAt < EVERY_MS) return;
    toldAt = clock.monotonic();
    const many = untold === 1 ? 'An entry was refused' : `${untold} entries were refused`;
    untold = 0;
    const who = PLAIN.test(source) ? `source "${source}"` : 'a source of another name';
    const what = PLAIN.test(field) ? `"${field}"` : 'a field of another name';
    telemetry.announce({
      name: 'event.refused-told',
      severity: 'warn',
      text: `${many}, the last of ${who}: ${what}, expected ${expected}. The stream "refused" has them all.`,
    });
  };
}
