// Waiting for the log at the start: Redis may still be loading, or not be there yet.
import { pause } from '../clock.ts';
import type { Clock } from '../clock.ts';
import { LogTrouble } from './log.ts';
import type { Log } from './log.ts';

const RETRY_MS = 100;

/** Null as soon as the log answers; after `withinMs` its last trouble. */
export async function untilAnswering(
  log: Pick<Log, 'time'>,
  { clock, withinMs }: { readonly clock: Clock; readonly withinMs: number },
): Promise<LogTrouble | null> {
  const until = clock.monotonic() + withinMs;
  for (;;) {
    try {
      await log.time();
      return null;
    } catch (error) {
      if (!(error instanceof LogTrouble)) throw error;
      if (clock.monotonic() >= until) return error;
    }
    await pause(clock, RETRY_MS);
  }
}
