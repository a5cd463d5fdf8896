// Customers come to a queue as a Poisson stream whose rate is by half hour, times a wave that wanders by itself.
import type { Calls } from './calls.ts';
import type { Stage } from './stage.ts';
import type { Habits, QueuePlan } from './world.ts';
import type { CustomerPlan } from './records.ts';

const HOUR_MS = 3_600_000;
const WAVE_MS = 600_000;

export function startArrivals(parts: {
  readonly stage: Stage;
  readonly calls: Calls;
  readonly queue: QueuePlan;
  readonly waves: Habits['waves'];
  readonly customer: () => CustomerPlan | null;
}): void {
  const { stage, calls, queue, waves, customer } = parts;
  const { agenda, chance } = stage;
  let swell = 0;
  let waveUntil = -Infinity;
  next();

  /** The exponential has no memory, so at the end of a rate the next gap is simply drawn anew. */
  function next(): void {
    if (waves && agenda.now >= waveUntil) {
      const fresh = waves.width * Math.sqrt(1 - waves.memory ** 2) * chance.normal();
      swell = waves.memory * swell + fresh;
      waveUntil = agenda.now + WAVE_MS;
    }
    const { perHour, until } = queue.rateAt(agenda.now, Math.exp(swell));
    const end = Math.min(until, waves ? waveUntil : Infinity);
    const gap = perHour > 0 ? chance.exponential(HOUR_MS / perHour) : Infinity;
    if (agenda.now + gap < end) {
      agenda.after(gap, () => {
        calls.arrive(queue, customer());
        next();
      });
    } else if (end !== Infinity) {
      agenda.at(end, next);
    }
  }
}
