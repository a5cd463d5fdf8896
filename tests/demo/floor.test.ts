// The demo on the real floor, folded as the engine folds it: nothing stuck, nobody in two contacts, believable rows.
import { describe, expect, it } from 'vitest';
import { createDemo } from '../../server/connectors/demo/demo.ts';
import type { Ledger } from '../../server/connectors/demo/simulation.ts';
import { decode } from '../../server/events/decode.ts';
import { encode } from '../../server/events/encode.ts';
import type { NewEvent } from '../../server/events/event.ts';
import { Floor } from '../../server/floor/floor.ts';
import { createManualClock } from '../support/manual-clock.ts';

const ZONE = 'Europe/Riga';
const AT = Date.parse('2026-03-10T15:00:00+02:00');
const MINUTE_MS = 60_000;

function floorAt(now: number): Floor {
  return new Floor({
    site: 'demo',
    zone: ZONE,
    country: null,
    dayStarts: '00:00',
    languages: ['en'],
    demo: true,
    build: 'test',
    now,
  });
}

/** An `append` that folds at once, as `server/engine/turn.ts` does with each entry. */
function folding(floor: Floor, now: () => number) {
  let entries = 0;
  const refused: unknown[] = [];
  return {
    refused,
    append: (events: readonly NewEvent[]): Promise<readonly string[]> => {
      for (const event of events) {
        entries += 1;
        const entryAt = now();
        floor.expire(entryAt);
        const decoded = decode(encode(event), { entryAt, entryId: `${entryAt}-${entries}` });
        if (decoded.kind === 'event') floor.apply(decoded.event);
        else refused.push(decoded);
      }
      return Promise.resolve(events.map((_, at) => `${entries}-${at}`));
    },
  };
}

function demoOn(
  floor: Floor,
  given: {
    readonly startAt: number;
    readonly history: 'today' | 'none';
    readonly inherited?: Ledger;
  },
) {
  const clock = createManualClock(given.startAt);
  const fold = folding(floor, () => clock.now());
  const { history, inherited = { callbacks: [], assists: [] } } = given;
  const demo = createDemo({
    append: fold.append,
    clock,
    seed: 'floor',
    site: { zone: ZONE },
    history,
    inherited,
  });
  return { clock, demo, refused: fold.refused };
}

/** Sums over the queues of a floor. */
function todayOf(floor: Floor) {
  const rows = [...floor.facts.queues.values()].map(({ today }) => today);
  const sum = (of: (today: (typeof rows)[number]) => number): number =>
    rows.reduce((all, today) => all + of(today), 0);
  return {
    offered: sum((today) => today.offered),
    answered: sum((today) => today.answered),
    abandoned: sum((today) => today.abandoned),
    unknown: sum((today) => today.unknown),
    within: sum((today) => today.withinTarget),
  };
}

describe('the demo on the real floor', () => {
  it('[DEM-12] fills the day at once, and keeps it sound for hours', async () => {
    const floor = floorAt(AT);
    const { clock, demo, refused } = demoOn(floor, { startAt: AT, history: 'today' });
    await demo.start();
    const morning = todayOf(floor);
    expect(morning.offered).toBeGreaterThan(3_000);
    expect(morning.unknown).toBe(0);
    const { promises } = [...floor.facts.site.values()][0] ?? { promises: null };
    console.log(`At 15:00: ${JSON.stringify(morning)}, promises ${JSON.stringify(promises)}.`);
    expect(promises?.due).toBeGreaterThan(20);
    expect((promises?.kept ?? 0) / (promises?.due ?? 1)).toBeGreaterThan(0.6);

    for (let minute = 0; minute < 180; minute += 1) {
      await clock.advance(MINUTE_MS);
      floor.expire(clock.now());
      const inTalk = [...floor.facts.contacts.values()].filter(
        ({ state }) => state === 'talking' || state === 'held',
      );
      const agents = inTalk.map(({ agent }) => agent);
      expect(new Set(agents).size).toBe(agents.length);
      for (const { agent, id } of inTalk)
        expect(floor.facts.agents.get(agent ?? '')).toMatchObject({ contact: id });
      const oldest = Math.min(...[...floor.facts.contacts.values()].map(({ since }) => since));
      expect(clock.now() - oldest).toBeLessThan(45 * MINUTE_MS);
    }
    await demo.stop();
    const evening = todayOf(floor);
    const agents = [...floor.facts.agents.values()];
    console.log(`At 18:00: ${JSON.stringify(evening)}.`);
    expect(refused).toEqual([]);
    expect(evening.unknown).toBe(0);
    expect(evening.offered).toBeGreaterThan(morning.offered + 800);
    expect(evening.within / evening.offered).toBeGreaterThan(0.6);
    expect(evening.within / evening.offered).toBeLessThan(0.98);
    expect(evening.abandoned / evening.offered).toBeGreaterThan(0.01);
    expect(evening.abandoned / evening.offered).toBeLessThan(0.12);
    expect(agents).toHaveLength(68);
    expect(agents.filter(({ state }) => state === 'talking').length).toBeGreaterThan(15);
    expect(floor.facts.teams.size).toBe(5);
    expect(floor.facts.queues.size).toBe(6);
    expect(floor.facts.sources.get('demo')?.state).toBe('live');
  });

  it('[DEM-12] shows a newcomer the two calls: the wait, the uncovered team, the promise that is overdue', async () => {
    const floor = floorAt(AT);
    const { clock, demo } = demoOn(floor, { startAt: AT, history: 'none' });
    await demo.start();
    const of = (name: string) =>
      [...floor.facts.contacts.values()].find(({ customer }) => customer.name === name);
    expect(of('Ernest Defarge')).toMatchObject({ state: 'waiting', queuedAt: AT - 150_000 });
    await clock.advance(3 * MINUTE_MS);
    floor.expire(clock.now());
    expect(of('Ernest Defarge')).toMatchObject({ state: 'held', agent: 'charles-darnay' });
    expect(floor.facts.teams.get('deliveries')?.cover.state).toBe('uncovered');
    expect([...floor.facts.assists.values()].map(({ agent }) => agent)).toContain('charles-darnay');
    await clock.advance(9 * MINUTE_MS);
    floor.expire(clock.now());
    const broken = [...floor.facts.callbacks.values()].find(
      ({ customer }) => customer.name === 'Ernest Defarge',
    );
    expect(broken).toMatchObject({ by: 'charles-darnay', state: 'open', kept: false });
    await demo.stop();
  });

  it('[DEM-12] leaves nothing stuck over a restart', async () => {
    const floor = floorAt(AT);
    const first = demoOn(floor, { startAt: AT, history: 'today' });
    await first.demo.start();
    await first.clock.advance(10 * MINUTE_MS);
    await first.demo.stop();
    const open = [...floor.facts.contacts.keys()];
    const waiting = [...floor.facts.contacts.values()].filter(
      ({ answeredAt, direction }) => answeredAt === null && direction === 'inbound',
    );
    const before = todayOf(floor);
    const startAt = AT + 12 * MINUTE_MS;
    const second = demoOn(floor, {
      startAt,
      history: 'none',
      inherited: {
        callbacks: [...floor.facts.callbacks.values()]
          .filter(({ state }) => ['open', 'claimed', 'attempted'].includes(state))
          .map(({ id, customer, team, dueAt }) => ({
            id,
            customer: { name: customer.name ?? '', address: customer.address ?? '' },
            team,
            dueAt,
          })),
        assists: [...floor.facts.assists.keys()],
      },
    });
    await second.demo.start();
    floor.expire(startAt);
    const waitingOrUp = [...floor.facts.contacts.values()].filter(
      ({ state }) => state !== 'wrapup',
    );
    expect(waitingOrUp.filter(({ id }) => open.includes(id))).toEqual([]);
    // Who had not been answered yet is not seen to the end.
    const after = todayOf(floor);
    expect(after.abandoned).toBe(before.abandoned);
    expect(after.unknown).toBe(waiting.length);
    await second.clock.advance(20 * MINUTE_MS);
    await second.demo.stop();
    const left = [...floor.facts.callbacks.values()].filter(
      ({ id, state }) => state === 'open' && id.includes(AT.toString(36)),
    );
    expect(left).toEqual([]);
    expect([...floor.facts.assists.keys()].filter((id) => id.includes(AT.toString(36)))).toEqual(
      [],
    );
  });
});
