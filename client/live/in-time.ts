// What may never answer is waited for so long and no longer.
import type { Cancel, Clock } from './clock.ts';

interface Waiting {
  readonly clock: Pick<Clock, 'after'>;
  /** Milliseconds. */
  readonly ms: number;
}

/** What the work gives, or null where it did not in time; then its signal tells it to stop, so that nothing of it is done later on. */
export async function inTime<T>(
  { clock, ms }: Waiting,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T | null> {
  const ending = new AbortController();
  let cancel: Cancel = () => undefined;
  const late = new Promise<null>((give) => {
    cancel = clock.after(ms, () => {
      give(null);
      ending.abort();
    });
  });
  try {
    return await Promise.race([work(ending.signal), late]);
  } finally {
    cancel();
  }
}
