// Refusals in words: a line now and then with an example, since a line for each would be a flood that any producer could send.
import type { Clock } from './clock.ts';
import type { Refusal } from './log/refusals.ts';
import type { Telemetry } from './telemetry.ts';

/** Milliseconds between two lines. */
const EVERY_MS = 60_000;

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
    // Quoted, so that no name writes on somebody's terminal.
    const [who, what] = [JSON.stringify(source), JSON.stringify(field)];
    telemetry.announce({
      name: 'event.refused-told',
      severity: 'warn',
      text: `${many}, the last of source ${who}: ${what}, expected ${expected}. The stream "refused" has them all.`,
    });
  };
}
