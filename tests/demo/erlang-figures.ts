// Figures of a queue, read off the events that the simulation makes, and their interval by batch means.
import type { NewEvent } from '../../server/events/event.ts';
import { exponential, always } from '../../server/connectors/demo/chance.ts';
import { Simulation } from '../../server/connectors/demo/simulation.ts';
import type { World } from '../../server/connectors/demo/world.ts';
import type { System } from './erlang-points.ts';

/** Sums over one batch; waits in units, areas in customers times units. */
interface Batch {
  readonly servedWaits: number[];
  readonly abandonedWaits: number[];
  queueArea: number;
  queueSquareArea: number;
  systemArea: number;
  busyArea: number;
  time: number;
}

function worldOf(system: System): World {
  const { unitMs, arrivalsPerUnit, meanService, meanPatience, servers } = system;
  return {
    teams: [],
    queues: [
      {
        id: 'line',
        name: 'line',
        channel: 'voice',
        teams: [],
        rateAt: (instant) =>
          system.restartEvery !== null && instant >= system.restartEvery * unitMs
            ? { perHour: 0, until: Infinity }
            : {
                perHour: (arrivalsPerUnit * 3_600_000) / unitMs,
                until: system.restartEvery === null ? Infinity : system.restartEvery * unitMs,
              },
        patience: meanPatience === null ? null : exponential(meanPatience * unitMs),
        handling: exponential(meanService * unitMs),
        wrapUp: always(0),
        target: { seconds: 20, percent: 80 },
        limits: { waitSeconds: 120, holdSeconds: 120 },
        overflow: null,
      },
    ],
    agents: Array.from({ length: servers }, (_, place) => ({
      id: `server-${place}`,
      name: `Server ${place}`,
      alias: `S${place}`,
      team: 'all',
      role: 'agent',
      extension: String(place),
      queues: ['line'],
    })),
    habits: { ring: always(0), missed: 0, waves: null, seatsAt: null, breaks: null },
  };
}

/** Batches of equal time after a warm-up; for a system that restarts, one batch a restart. */
export function simulate(
  system: System,
  plan: { readonly seed: string; readonly batches: number; readonly customers: number },
): readonly Batch[] {
  const world = worldOf(system);
  const { restartEvery, unitMs } = system;
  if (restartEvery !== null) {
    const days = Math.ceil(plan.customers / plan.batches / (system.arrivalsPerUnit * restartEvery));
    return Array.from({ length: plan.batches }, (_, batch) => {
      const meter = new Meter(unitMs, restartEvery * unitMs);
      for (let day = 0; day < days; day += 1) {
        const seed = `${plan.seed} ${batch} ${day}`;
        const simulation = new Simulation({ world, seed, startAt: 0, run: 'e' });
        meter.begin();
        // The day's last customers are served too, as in the published program; its occupancy ends with the day.
        meter.read(simulation.advance(restartEvery * unitMs * 2));
        meter.passTo(restartEvery * unitMs);
      }
      return meter.take();
    });
  }
  const length = (plan.customers / plan.batches / system.arrivalsPerUnit) * unitMs;
  const simulation = new Simulation({ world, seed: plan.seed, startAt: 0, run: 'e' });
  const meter = new Meter(unitMs, Infinity);
  const batches: Batch[] = [];
  for (let batch = 0; batch <= plan.batches; batch += 1) {
    const until = (batch + 1) * length;
    for (let part = 1; part <= 10; part += 1)
      meter.read(simulation.advance(batch * length + (part * length) / 10));
    meter.passTo(until);
    const taken = meter.take();
    if (batch > 0) batches.push(taken);
  }
  return batches;
}

class Meter {
  readonly #unitMs: number;
  /** Areas are not measured past this instant. */
  readonly #endAt: number;
  readonly #queuedAt = new Map<string, number>();
  #inQueue = 0;
  #inTalk = 0;
  #lastAt = 0;
  #batch = emptyBatch();

  constructor(unitMs: number, endAt: number) {
    this.#unitMs = unitMs;
    this.#endAt = endAt;
  }

  read(events: readonly NewEvent[]): void {
    for (const event of events) {
      const at = event.at ?? 0;
      switch (event.type) {
        case 'contact.queued':
          this.#pass(at);
          this.#queuedAt.set(event.subject, at);
          this.#inQueue += 1;
          break;
        case 'contact.answered':
          this.#pass(at);
          this.#batch.servedWaits.push(this.#waited(event.subject, at));
          this.#inQueue -= 1;
          this.#inTalk += 1;
          break;
        case 'contact.ended':
          this.#pass(at);
          if (event.data.outcome === 'abandoned') {
            this.#batch.abandonedWaits.push(this.#waited(event.subject, at));
            this.#inQueue -= 1;
          } else this.#inTalk -= 1;
          break;
        default:
          break;
      }
    }
  }

  /** The clock begins anew. */
  begin(): void {
    this.#lastAt = 0;
  }

  passTo(instant: number): void {
    this.#pass(instant);
  }

  take(): Batch {
    const taken = this.#batch;
    this.#batch = emptyBatch();
    return taken;
  }

  #waited(id: string, at: number): number {
    const since = this.#queuedAt.get(id);
    if (since === undefined) throw new Error(`left without having come: ${id}`);
    this.#queuedAt.delete(id);
    return (at - since) / this.#unitMs;
  }

  #pass(instant: number): void {
    const at = Math.min(instant, this.#endAt);
    if (at <= this.#lastAt) return;
    const span = (at - this.#lastAt) / this.#unitMs;
    this.#lastAt = at;
    this.#batch.time += span;
    this.#batch.queueArea += span * this.#inQueue;
    this.#batch.queueSquareArea += span * this.#inQueue ** 2;
    this.#batch.systemArea += span * (this.#inQueue + this.#inTalk);
    this.#batch.busyArea += span * this.#inTalk;
  }
}

function emptyBatch(): Batch {
  return {
    servedWaits: [],
    abandonedWaits: [],
    queueArea: 0,
    queueSquareArea: 0,
    systemArea: 0,
    busyArea: 0,
    time: 0,
  };
}

/** One figure of one batch. */
export function figureOf(figure: string, batch: Batch, servers: number): number {
  const [name = '', argument = ''] = figure.split(' ');
  const { servedWaits: served, abandonedWaits: abandoned } = batch;
  const all = served.length + abandoned.length;
  const within = Number(argument);
  switch (name) {
    case 'noWait':
      return share(served, all, (wait) => wait === 0);
    case 'someWait':
      return 1 - share(served, all, (wait) => wait === 0);
    case 'abandoned':
      return abandoned.length / all;
    case 'queueMean':
      return batch.queueArea / batch.time;
    case 'queueVariance':
      return batch.queueSquareArea / batch.time - (batch.queueArea / batch.time) ** 2;
    case 'systemMean':
      return batch.systemArea / batch.time;
    case 'waitServedMean':
      return mean(served);
    case 'waitServedVariance':
      return variance(served);
    case 'waitAbandonedMean':
      return mean(abandoned);
    case 'waitAbandonedVariance':
      return variance(abandoned);
    case 'servedWithin':
      return share(served, served.length, (wait) => wait <= within);
    case 'abandonedWithin':
      return share(abandoned, abandoned.length, (wait) => wait <= within);
    case 'serviceLevel':
      return share(served, all, (wait) => wait <= within);
    case 'occupancy':
      return batch.busyArea / batch.time / servers;
    case 'waitAllMean':
      return mean([...served, ...abandoned]) / 60;
    default:
      throw new Error(`no such figure: ${figure}`);
  }
}

/** Student's t, two-sided 99.9 %, 29 degrees of freedom. */
const T_999_29 = 3.659;
export const BATCHES = 30;

export function interval(values: readonly number[]): {
  readonly middle: number;
  readonly half: number;
} {
  const middle = mean(values);
  const deviation = Math.sqrt((variance(values) * values.length) / (values.length - 1));
  return { middle, half: (T_999_29 * deviation) / Math.sqrt(values.length) };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function variance(values: readonly number[]): number {
  const middle = mean(values);
  return values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / values.length;
}

function share(values: readonly number[], of: number, is: (value: number) => boolean): number {
  return values.filter(is).length / of;
}
