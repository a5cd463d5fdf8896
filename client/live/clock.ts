// The browser's clock: the one place of the client where time is read and timers are set. Never its time of day.

/** Undoes an appointment; a second call does nothing. */
export type Cancel = () => void;

export interface Clock {
  /** Milliseconds of a clock that never jumps; only differences mean anything. */
  monotonic(): number;
  /** Runs once, after `ms` milliseconds. */
  after(ms: number, run: () => void): Cancel;
  /** Runs every `ms` milliseconds until cancelled. */
  every(ms: number, run: () => void): Cancel;
}

export const browserClock: Clock = {
  monotonic: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, Math.max(0, ms));
    return () => clearTimeout(timer);
  },
  every(ms, run) {
    const timer = setInterval(run, ms);
    return () => clearInterval(timer);
  },
};
