// The floor's laws, by random stories: whoever replays, restores, repeats or expires differently comes to the same floor.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Floor } from '../../server/floor/floor.ts';
import type { FloorDump } from '../../server/floor/floor.ts';
import { FACT_TABLES } from '../../server/floor/rows.ts';
import type { Facts } from '../../server/floor/rows.ts';
import { NOTHING } from '../../server/floor/tables.ts';
import { story } from './junk.ts';
import type { Entry } from './junk.ts';
import { NINE, OPTIONS } from './scene.ts';

const RUNS = { numRuns: 150 };
const END = NINE + 3 * 86_400_000;

function fold(floor: Floor, entries: readonly Entry[]): Floor {
  for (const { entryAt, event } of entries) {
    floor.expire(entryAt);
    floor.apply(event);
  }
  return floor;
}

/** Everything that can be seen of a floor, in one order. */
function seen(floor: Floor): unknown {
  const rows = FACT_TABLES.map((table) => {
    const sorted = [...floor.facts[table].entries()].sort(([a], [b]) => (a < b ? -1 : 1));
    return [table, sorted];
  });
  return JSON.parse(
    JSON.stringify([rows, floor.intervals(-Infinity, Infinity), floor.nextAt()]),
  ) as unknown;
}

function identities(facts: Facts): Map<string, unknown> {
  const found = new Map<string, unknown>();
  for (const table of FACT_TABLES)
    for (const [id, row] of facts[table]) found.set(`${table} ${id}`, row);
  return found;
}

describe('the floor', () => {
  it('[FLR-1] comes to the same, replayed or lived through with time kept in between', () => {
    fc.assert(
      fc.property(story, (entries) => {
        const replayed = fold(new Floor(OPTIONS), entries);
        const lived = new Floor(OPTIONS);
        for (const { entryAt, event } of entries) {
          for (let at = lived.nextAt(); at !== null && at <= entryAt; at = lived.nextAt())
            lived.expire(at);
          lived.expire(entryAt);
          lived.apply(event);
        }
        expect(seen(lived)).toEqual(seen(replayed));
      }),
      RUNS,
    );
  });

  it('[FLR-1] [FLR-6] comes to the same, and names the same rows, with many events folded at once', () => {
    fc.assert(
      fc.property(story, fc.integer({ min: 1, max: 20 }), (entries, size) => {
        const single = new Floor(OPTIONS);
        const atOnce = new Floor(OPTIONS);
        for (let at = 0; at < entries.length; at += size) {
          const batch = entries.slice(at, at + size);
          const before = identities(atOnce.facts);
          for (const { entryAt, event } of batch) {
            atOnce.pass(entryAt);
            atOnce.fold(event);
          }
          const touched = atOnce.take();
          fold(single, batch);
          expect(seen(atOnce)).toEqual(seen(single));
          const after = identities(atOnce.facts);
          const named = new Set<string>();
          for (const table of FACT_TABLES)
            for (const id of touched[table] ?? []) named.add(`${table} ${id}`);
          for (const id of new Set([...before.keys(), ...after.keys()]))
            if (before.get(id) !== after.get(id)) expect(named).toContain(id);
          expect(atOnce.take()).toBe(NOTHING);
        }
      }),
      RUNS,
    );
  });

  it('[FLR-2] keeps its appointments one by one as it does all at once', () => {
    fc.assert(
      fc.property(story, (entries) => {
        const [atOnce, stepwise] = [
          fold(new Floor(OPTIONS), entries),
          fold(new Floor(OPTIONS), entries),
        ];
        const end = (entries.at(-1)?.entryAt ?? NINE) + 3 * 86_400_000;
        atOnce.expire(end);
        for (let at = stepwise.nextAt(); at !== null && at <= end; at = stepwise.nextAt()) {
          stepwise.expire(at);
          const next = stepwise.nextAt();
          expect(next === null || next > at).toBe(true);
        }
        expect(seen(stepwise)).toEqual(seen(atOnce));
      }),
      RUNS,
    );
  });

  it('[FLR-3] goes on from a dump as if nothing had been', () => {
    fc.assert(
      fc.property(story, fc.nat(60), (entries, at) => {
        const whole = fold(new Floor(OPTIONS), entries);
        const first = fold(new Floor(OPTIONS), entries.slice(0, at));
        const dump = JSON.parse(JSON.stringify(first.dump())) as FloorDump;
        const restored = Floor.restore(dump, { ...OPTIONS, now: END });
        expect(seen(restored)).toEqual(seen(first));
        expect(JSON.parse(JSON.stringify(restored.dump()))).toEqual(dump);
        expect(seen(fold(restored, entries.slice(at)))).toEqual(seen(whole));
      }),
      RUNS,
    );
  });

  it('[FLR-3] gives a dump that nothing changes which happens later', () => {
    fc.assert(
      fc.property(story, fc.nat(40), (entries, cut) => {
        const floor = fold(new Floor(OPTIONS), entries.slice(0, cut));
        const dump = floor.dump();
        const then = JSON.stringify(dump);
        fold(floor, entries.slice(cut));
        floor.expire(END);
        expect(JSON.stringify(dump)).toBe(then);
      }),
      RUNS,
    );
  });

  it('[FLR-4] bears events of any kind in any order: it never throws, and nothing is negative', () => {
    fc.assert(
      fc.property(story, fc.boolean(), (entries, backwards) => {
        const floor = new Floor(OPTIONS);
        for (const { entryAt, event } of backwards ? [...entries].reverse() : entries) {
          floor.expire(entryAt);
          floor.apply(event);
          checkSound(floor);
        }
      }),
      RUNS,
    );
  });

  it('[FLR-5] is not harmed by an event that comes twice', () => {
    fc.assert(
      fc.property(story, (entries) => {
        const once = fold(new Floor(OPTIONS), entries);
        const twice = new Floor(OPTIONS);
        for (const { entryAt, event } of entries) {
          twice.expire(entryAt);
          twice.apply(event);
          // What is over stays over, and what was counted is counted once.
          twice.apply(event);
        }
        for (const [id, queue] of once.facts.queues) {
          const { offered, answered, unknown } = queue.today;
          const other = twice.facts.queues.get(id)?.today;
          expect([other?.offered, other?.answered, other?.unknown]).toEqual([
            offered,
            answered,
            unknown,
          ]);
        }
        expect([...twice.facts.contacts.keys()].sort()).toEqual(
          [...once.facts.contacts.keys()].sort(),
        );
      }),
      RUNS,
    );
  });

  it('[FLR-6] names every row that it touched, replaces what changed, and says nothing where nothing did', () => {
    fc.assert(
      fc.property(story, (entries) => {
        const floor = new Floor(OPTIONS);
        for (const { entryAt, event } of entries) {
          for (const step of [() => floor.expire(entryAt), () => floor.apply(event)]) {
            const before = identities(floor.facts);
            const frozen = JSON.stringify([...before]);
            const touched = step();
            const after = identities(floor.facts);
            const named = new Set<string>();
            for (const table of FACT_TABLES)
              for (const id of touched[table] ?? []) named.add(`${table} ${id}`);
            for (const id of new Set([...before.keys(), ...after.keys()]))
              if (before.get(id) !== after.get(id)) expect(named).toContain(id);
            expect(named.size === 0).toBe(touched === NOTHING);
            expect(JSON.stringify([...before])).toBe(frozen);
          }
        }
      }),
      { numRuns: 100 },
    );
  });
});

function checkSound(floor: Floor): void {
  const { agents, contacts, queues, callbacks, teams } = floor.facts;
  let waiting = 0;
  for (const queue of queues.values()) {
    waiting += queue.waiting;
    for (const [name, value] of Object.entries(queue.today))
      if (value !== null && value < 0) throw new Error(`${queue.id} ${name} is ${value}`);
    const { offered, answered, abandoned, leftOtherwise } = queue.today;
    expect(offered).toBe(answered + abandoned + leftOtherwise);
    expect((queue.oldestAt === null) === (queue.waiting === 0)).toBe(true);
    const members = [...agents.values()].filter(({ memberOf }) =>
      memberOf.some((id) => id === queue.id || (id === '*' && queue.id === '**')),
    );
    expect(Object.values(queue.agents).reduce((a, b) => a + b, 0)).toBe(members.length);
    expect(Math.min(...Object.values(queue.agents))).toBeGreaterThanOrEqual(0);
  }
  const inLine = [...contacts.values()].filter(
    ({ state, queuedAt, answeredAt }) =>
      state === 'waiting' || (state === 'ringing' && queuedAt !== null && answeredAt === null),
  );
  expect(waiting).toBeLessThanOrEqual(inLine.length);
  for (const { hold, agent, state } of contacts.values()) {
    expect(hold.totalMs).toBeGreaterThanOrEqual(0);
    expect(hold.since !== null).toBe(state === 'held');
    if (state === 'waiting') expect(agent).toBeNull();
  }
  for (const agent of agents.values()) {
    if (agent.contact === null || !['ringing', 'talking', 'holding'].includes(agent.state))
      continue;
    const contact = contacts.get(agent.contact);
    if (contact && agent.state !== 'ringing' && contact.agent === agent.id)
      // Who dials out is talking while it rings at the customer's.
      expect([
        'talking',
        'held',
        ...(contact.direction === 'outbound' ? ['ringing'] : []),
      ]).toContain(contact.state);
  }
  for (const { kept, proof, dueAt, state } of callbacks.values())
    if (state === 'proved') expect(kept).toBe(proof !== null && proof.at <= dueAt);
  for (const { cover } of teams.values())
    expect(cover.state === 'covered' && cover.present.length === 0).toBe(false);
  for (const interval of floor.intervals(-Infinity, Infinity))
    for (const value of Object.values(interval))
      if (typeof value === 'number' && value < 0) throw new Error(JSON.stringify(interval));
}
