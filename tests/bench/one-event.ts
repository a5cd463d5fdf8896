// P-4: what one event costs on a floor of a hundred agents, of a thousand, and of ten thousand.
import { pause, systemClock } from '../../server/clock.ts';
import type { Entry } from '../../server/log/log.ts';
import { entryOf, EventPath } from './fold-event-path.ts';
import type { Cost } from './fold-event-path.ts';
import { builtServer } from './fold-built.ts';
import { median } from './fold-median.ts';
import { tellStory } from './fold-story.ts';
import type { Bench, Line, Scale } from './line.ts';

const FLOORS = [100, 1_000, 10_000] as const;
/** The centre is copied whole, so that only the floor grows and no queue does. */
const AGENTS_OF_A_QUEUE = 20;
const PER_SECOND = 200;
/** A desk's frame: 50 ms. */
const FRAME_MS = 50;
const FRAME = (PER_SECOND * FRAME_MS) / 1_000;
const SIZES = {
  whole: { warm: 10_000, paced: 600, fast: 5_000, rounds: 5 },
  tiny: { warm: 100, paced: 40, fast: 100, rounds: 1 },
} as const;
const RATIO_PROMISED = 1.3;

interface Told {
  readonly agents: number;
  readonly path: EventPath;
  readonly entries: readonly Entry[];
  next: number;
}

type Pace = 'paced' | 'fast';

export const bench: Bench = {
  name: 'one-event',
  async run(scale) {
    const floors = await opened(scale);
    const costs = { paced: floors.map((): Cost[] => []), fast: floors.map((): Cost[] => []) };
    for (let round = 0; round < SIZES[scale].rounds; round++)
      for (const pace of ['paced', 'fast'] as const)
        for (const [at, floor] of floors.entries())
          costs[pace][at]?.push(await spend(floor, SIZES[scale][pace], pace));
    return (['paced', 'fast'] as const).map((pace) => lineOf(pace, scale, floors, costs[pace]));
  },
};

async function opened(scale: Scale): Promise<readonly Told[]> {
  const { warm, paced, fast, rounds } = SIZES[scale];
  const built = await builtServer();
  return FLOORS.map((size) => {
    const { opening, events, agents } = tellStory({
      agents: size,
      queues: size / AGENTS_OF_A_QUEUE,
      events: warm + rounds * (paced + fast),
      perSecond: PER_SECOND,
      endsAt: Date.now(),
      seed: 'one event',
    });
    const path = new EventPath(built, opening);
    const entries = events.map(entryOf);
    for (let at = 0; at < warm; at += FRAME) path.frame(entries.slice(at, at + FRAME));
    return { agents, path, entries, next: warm };
  });
}

/** Each size for itself, since beside each other they would share the processor's caches. */
async function spend(floor: Told, events: number, pace: Pace): Promise<Cost> {
  const { path, entries } = floor;
  path.takeCost();
  const until = floor.next + events;
  const begun = performance.now();
  for (let frame = 1; floor.next < until; frame++) {
    path.frame(entries.slice(floor.next, Math.min(until, floor.next + FRAME)));
    floor.next += FRAME;
    if (pace === 'paced') await pause(systemClock, begun + frame * FRAME_MS - performance.now());
  }
  floor.next = until;
  return path.takeCost();
}

function lineOf(
  pace: Pace,
  scale: Scale,
  floors: readonly Told[],
  costs: readonly (readonly Cost[])[],
): Line {
  const us = costs.map((rounds) => median(rounds.map(usOf)));
  const [small = NaN] = us;
  const ratios = us.map((each) => each / small);
  const largest = ratios.at(-1) ?? NaN;
  const rate = pace === 'paced' ? `${PER_SECOND} events/s` : 'as fast as possible';
  const { rounds } = SIZES[scale];
  return {
    promise: 'P-4',
    what: `cost of one event, ${pace === 'paced' ? 'at a fixed rate' : 'as fast as possible'}`,
    workload: `${floors.map(({ agents }) => agents.toLocaleString('en')).join(' / ')} agents, the same mix, ${rate}, one turn and one look of all rules of alerts an event, one delta of the whole floor each ${FRAME} events, median of ${rounds}`,
    measured: `${largest.toFixed(2)} times (${ratios.map((ratio) => ratio.toFixed(2)).join(' / ')}): ${floors.map((_, at) => partsOf(costs[at] ?? [])).join('; ')}`,
    beside: `${small.toFixed(1)} µs at ${floors[0]?.agents} agents`,
    promised: `≤ ${RATIO_PROMISED} times`,
    holds: largest <= RATIO_PROMISED,
  };
}

function usOf({ events, turnMs, watchMs, feedMs }: Cost): number {
  return ((turnMs + watchMs + feedMs) * 1_000) / events;
}

/** Where the time goes, and how much there was to do. */
function partsOf(costs: readonly Cost[]): string {
  const each = (of: (cost: Cost) => number): string =>
    median(costs.map((cost) => of(cost) / cost.events)).toFixed(1);
  return `turn ${each(({ turnMs }) => turnMs * 1_000)} + watch ${each(({ watchMs }) => watchMs * 1_000)} + feed ${each(({ feedMs }) => feedMs * 1_000)} µs, ${each(({ rows }) => rows)} rows, ${each(({ chars }) => chars)} characters`;
}
