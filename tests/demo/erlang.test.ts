// The demo's queues against published values: the simulation is the one that the demo lives by, with another world.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { dataFile } from '../support/data.ts';
import { BATCHES, figureOf, interval, simulate } from './erlang-figures.ts';
import { pointsOf } from './erlang-points.ts';
import type { System } from './erlang-points.ts';

const SEED = process.env.PHAROS_SEED ?? 'mail coach';
/** Large systems forget their past more slowly, so they need more of them. */
const customersOf = (system: System): number => (system.servers > 50 ? 800_000 : 400_000);
const FILE = dataFile('erlang/published_points_check.csv');

describe.skipIf(FILE === null)('the simulated floor and the published points', () => {
  const { systems, leftOut } = pointsOf(FILE === null ? '' : readFileSync(FILE, 'utf8'));

  it('[DEM-1] every row of the file with a published value is held against the simulation', () => {
    const held = [...systems.values()].reduce((sum, points) => sum + points.length, 0);
    console.log(`Held: ${held} published values of ${systems.size} systems; seed "${SEED}".`);
    expect(held).toBeGreaterThanOrEqual(28);
    expect(leftOut).toEqual(['(for contrast) mean wait of answered only, min']);
  });

  for (const [system, points] of systems)
    it(`[DEM-1] the published value lies in the interval: ${points[0]?.source ?? ''}`, () => {
      const batches = simulate(system, {
        seed: SEED,
        batches: BATCHES,
        customers: customersOf(system),
      });
      const missed: string[] = [];
      for (const { measure, figure, published, slack } of points) {
        const values = batches.map((batch) => figureOf(figure, batch, system.servers));
        const { middle, half } = interval(values);
        const row = `${measure.slice(0, 40)}: published ${published}, simulated ${middle.toFixed(5)} ± ${half.toFixed(5)}`;
        console.log(row);
        if (Math.abs(middle - published) > half + slack) missed.push(row);
        // An interval as wide as the value would hold anything.
        if (half > Math.max(0.25 * published, 0.02)) missed.push(`too wide: ${row}`);
      }
      expect(missed).toEqual([]);
    });

  it('[DEM-1] another system than the published one is noticed', () => {
    const [[system, points] = []] = systems;
    if (!system || !points) throw new Error('invariant: no system');
    const fewer: System = { ...system, servers: Math.round(system.servers * 0.9) };
    const batches = simulate(fewer, { seed: SEED, batches: BATCHES, customers: 100_000 });
    const outside = points.filter(({ figure, published, slack }) => {
      const { middle, half } = interval(batches.map((one) => figureOf(figure, one, fewer.servers)));
      return Math.abs(middle - published) > half + slack;
    });
    expect(outside.length).toBeGreaterThan(points.length / 2);
  });
});
