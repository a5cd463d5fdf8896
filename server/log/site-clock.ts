// The site's clock: Redis' own, so that every server counts the same seconds, whatever its machine believes.
import type { Clock } from '../clock.ts';

/** Milliseconds between two measurements. */
const REFRESH_MS = 10_000;
const ROUND_TRIPS = 5;

export interface SiteClock extends Clock {
  /** Measures now; rejects, and keeps what it knew, when the log does not answer. */
  measure(): Promise<void>;
  /** Milliseconds that half a round trip leaves open, of the last measurement. */
  uncertaintyMs(): number;
  close(): void;
}

export interface SiteClockParts {
  /** The instant of the log's own clock (`TIME`). */
  readonly time: () => Promise<number>;
  readonly clock: Clock;
  /** Called when a measurement failed; the clock goes on with what it knew. */
  readonly onTrouble?: (error: unknown) => void;
}

/** Resolves after the first measurement, and measures again every 10 s. Instants are whole milliseconds. */
export async function openSiteClock({
  time,
  clock,
  onTrouble,
}: SiteClockParts): Promise<SiteClock> {
  /** The site's time at the zero of the monotonic clock, which no correction of the machine's clock moves. */
  let zero = clock.now() - clock.monotonic();
  let uncertainty = Infinity;

  async function measure(): Promise<void> {
    let best: { readonly tripMs: number; readonly zero: number } | null = null;
    for (let trip = 0; trip < ROUND_TRIPS; trip++) {
      const sent = clock.monotonic();
      const there = await time();
      const got = clock.monotonic();
      const tripMs = got - sent;
      if (best === null || tripMs < best.tripMs) best = { tripMs, zero: there - (sent + got) / 2 };
    }
    if (best === null) return;
    zero = best.zero;
    uncertainty = best.tripMs / 2;
  }

  await measure();
  let measuring = false;
  const stop = clock.every(REFRESH_MS, () => {
    if (measuring) return;
    measuring = true;
    measure()
      .catch((error: unknown) => onTrouble?.(error))
      .finally(() => (measuring = false));
  });
  return {
    now: () => Math.floor(zero + clock.monotonic()),
    monotonic: () => clock.monotonic(),
    after: (ms, run) => clock.after(ms, run),
    every: (ms, run) => clock.every(ms, run),
    measure,
    uncertaintyMs: () => uncertainty,
    close: stop,
  };
}
