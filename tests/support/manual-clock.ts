// A clock that stands still until a test moves it; what falls due on the way runs at its own instant, in order.
import type { Clock } from '../../server/clock.ts';

export interface ManualClock extends Clock {
  /** Moves on by `ms`, running what falls due, and lets promises settle after each. */
  advance(ms: number): Promise<void>;
}

interface Appointment {
  readonly dueAt: number;
  readonly order: number;
  readonly run: () => void;
}

export function createManualClock(startAt = Date.UTC(2026, 10, 21, 9)): ManualClock {
  let now = startAt;
  let made = 0;
  const appointments = new Set<Appointment>();

  function after(ms: number, run: () => void): () => void {
    const appointment = { dueAt: now + Math.max(0, ms), order: made++, run };
    appointments.add(appointment);
    return () => void appointments.delete(appointment);
  }
  function next(by: number): Appointment | null {
    let first: Appointment | null = null;
    for (const each of appointments) {
      if (each.dueAt > by) continue;
      if (
        first &&
        (first.dueAt < each.dueAt || (first.dueAt === each.dueAt && first.order < each.order))
      )
        continue;
      first = each;
    }
    return first;
  }

  return {
    now: () => now,
    monotonic: () => now - startAt,
    after,
    every(ms, run) {
      let cancel = after(ms, again);
      function again(): void {
        cancel = after(ms, again);
        run();
      }
      return () => cancel();
    },
    async advance(ms) {
      const until = now + ms;
      await settle();
      for (let due = next(until); due !== null; due = next(until)) {
        appointments.delete(due);
        now = Math.max(now, due.dueAt);
        due.run();
        await settle();
      }
      now = Math.max(now, until);
    },
  };
}

/** Lets promises that wait for nothing but each other settle. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
