// Time: the one place where the machine's clock is read and timers are set. Everybody else is handed a clock.

/** Undoes an appointment; a second call does nothing. */
export type Cancel = () => void;

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Milliseconds of a clock that never jumps; only differences mean anything. */
  monotonic(): number;
  /** Runs once, after `ms` milliseconds. */
  after(ms: number, run: () => void): Cancel;
  /** Runs at each `ms` milliseconds from now until cancelled: what comes late makes no later one late, and what is missed is left out. */
  every(ms: number, run: () => void): Cancel;
}

/** Node's timers overflow past this and would fire at once. */
const TIMER_MAX_MS = 2_147_483_647;

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, Math.min(Math.max(0, ms), TIMER_MAX_MS));
    return () => {
      clearTimeout(timer);
    };
  },
  every(ms, run) {
    // setInterval counts from each call to the next, so that a busy loop makes a beat of 1,000 ms one of 1,030.
    let at = performance.now() + ms;
    let timer = setTimeout(beat, ms);
    function beat(): void {
      const now = performance.now();
      at += Math.max(1, Math.ceil((now - at) / ms)) * ms;
      timer = setTimeout(beat, at - now);
      run();
    }
    return () => {
      clearTimeout(timer);
    };
  },
};

/** Waits `ms` milliseconds of `clock`. */
export function pause(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) {
      resolve();
      return;
    }
    const cancel = clock.after(ms, done);
    signal?.addEventListener('abort', done, { once: true });
    function done(): void {
      cancel();
      signal?.removeEventListener('abort', done);
      resolve();
    }
  });
}
