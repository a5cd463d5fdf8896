// The promise that a newcomer sees fall due: made well before, forgotten, and kept once somebody has noticed.
import type { Promises } from './promises.ts';
import type { Stage } from './stage.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

const MADE_BEFORE_MS = 25 * MINUTE_MS;
const DUE_AFTER_MS = 75 * SECOND_MS;
/** From the due time on. */
const NOTICED_AFTER_MS = 4 * MINUTE_MS;

/** `liveAt`: when the newcomer's screen comes up. */
export function scheduleForgotten(promises: Promises, stage: Stage, liveAt: number): void {
  stage.agenda.at(liveAt - MADE_BEFORE_MS, () => {
    promises.owe(
      { name: 'John Barsad', address: '+442079460193' },
      { team: 'orders', dueMs: MADE_BEFORE_MS + DUE_AFTER_MS, noticedMs: NOTICED_AFTER_MS },
    );
  });
}
