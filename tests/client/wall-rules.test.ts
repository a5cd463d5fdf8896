// What a wall decides: which episode stands first, which wait is too long, when a new build is taken, what a day looks like.
import { describe, expect, it } from 'vitest';
import { readAddress, overruled } from '../../client/address.ts';
import { daySlots, levelOf, sumOf } from '../../client/wall/day-slots.ts';
import { inOrder } from '../../client/wall/episode-order.ts';
import { clockOf } from '../../client/looks/episode-clock.ts';
import { DaySums } from '../../client/wall/day-sums.ts';
import {
  placesOf,
  sameNames,
  samePlaces,
  teamNames,
  teamOrder,
  totalsOf,
} from '../../client/wall/floor-teams.ts';
import { buildTurn } from '../../client/wall/new-build.ts';
import { openPromises } from '../../client/looks/promises-ledger.ts';
import { sameItems, steady } from '../../client/wall/steady.ts';
import { barPart, passedLimit, waitIn } from '../../client/wall/waits.ts';
import { formatOf } from '../../client/lib/format.ts';
import { duration } from '../../server/contract/duration.ts';
import type { IntervalRow } from '../../server/contract/rows.ts';
import { createChance, seedFor } from '../support/chance.ts';
import { boardOf, FLOORS, floorRows, NOW } from '../support/wall-floors.ts';

const busy = floorRows(FLOORS.busy);

describe('a wall', () => {
  it('[WAL-12] counts down to what is due, and up from what has begun', () => {
    const view = {
      instant: () => NOW,
      age: (since: number, now: number | null) => (now === null ? '–' : duration(now - since)),
    };
    const text = { key: 'callback', params: { dueAt: String(NOW + 53_000) } };
    const alert = { since: NOW - 547_000, text };
    expect(clockOf({ ...alert, rule: 'callback.at-risk' }, view)).toBe('−0:53');
    expect(clockOf({ ...alert, rule: 'callback.at-risk' }, view, null)).toBe('–');
    expect(clockOf({ ...alert, rule: 'callback.overdue' }, view)).toBe('9:07');
  });

  it('[WAL-19] shows what nobody took first, then what is taken, then what is only shown; the worst and then the oldest first', () => {
    const alerts = [...floorRows(FLOORS.long).alerts.values()];
    const shown = inOrder(alerts).map(
      ({ severity, takenBy, since }) =>
        `${severity === 'P3' ? 'shown' : takenBy === null ? 'open' : 'own'} ${severity} ${takenBy === null ? 'open' : 'taken'} ${since}`,
    );
    expect(new Set(shown.map((line) => line.split(' ')[0])).size).toBe(3);
    expect(shown).toEqual([...shown].sort());
    const [first] = alerts;
    if (!first) throw new Error('Expected an episode.');
    expect(
      inOrder([
        { ...first, state: 'resolved' },
        { ...first, state: 'snoozed' },
      ]),
    ).toEqual([]);
  });

  it('[WAL-21] marks a wait at its limit and again at twice its limit', () => {
    expect(passedLimit(0, 120, 119_999)).toBeNull();
    expect(passedLimit(0, 120, 120_000)).toBe('P2');
    expect(passedLimit(0, 120, 240_000)).toBe('P1');
    expect(passedLimit(null, 120, 240_000)).toBeNull();
    expect(barPart(0, 120, 120_000)).toBeCloseTo(2 / 3, 9);
    expect(barPart(0, 120, 999_999)).toBe(1);
    expect(barPart(0, 0, 999_999)).toBe(0);
  });

  it('[WAL-21] says how many wait, and where the longest does', () => {
    expect(waitIn(busy.queues.values(), NOW)).toEqual({
      waiting: 10,
      oldestAt: NOW - 192_000,
      queueName: 'Billing',
      passed: 'P2',
    });
    expect(waitIn([], NOW)).toEqual({ waiting: 0, oldestAt: null, queueName: null, passed: null });
  });

  it('[WAL-20] takes a new build at a quiet moment, never under an open P1', () => {
    const quiet = { loaded: 'one', running: 'two', isLive: true, openP1: false, waiting: 0 };
    expect(buildTurn(quiet)).toBe('now');
    expect(buildTurn({ ...quiet, openP1: true })).toBe('later');
    expect(buildTurn({ ...quiet, waiting: 1 })).toBe('later');
    expect(buildTurn({ ...quiet, isLive: false })).toBe('later');
    expect(buildTurn({ ...quiet, running: 'one' })).toBe('same');
    expect(buildTurn({ ...quiet, running: null })).toBe('same');
  });

  it('[WAL-23] puts everybody who is there under their team by name, and counts each state', () => {
    const agents = [...busy.agents.values()];
    const [gone, ...there] = agents;
    if (!gone) throw new Error('Expected an agent.');
    const with1Gone = [{ ...gone, state: 'offline' as const }, ...there];
    const places = placesOf(with1Gone);
    expect(places).toHaveLength(agents.length - 1);
    expect(samePlaces(places, placesOf(with1Gone))).toBe(true);
    expect(samePlaces(places, placesOf(agents))).toBe(false);
    const collator = new Intl.Collator('en');
    const names = teamNames(busy.teams.values());
    const teams = teamOrder()(placesOf(agents), names, collator);
    expect(teams.map(({ id }) => busy.teams.get(id)?.name)).toEqual([
      'Billing',
      'Deliveries',
      'Sales',
      'Support',
    ]);
    expect(teams.flatMap(({ cells }) => cells)).toHaveLength(agents.length);
    const strangers = teamOrder()(placesOf(agents), [], collator);
    expect(strangers.map(({ id }) => id)).toEqual(['']);
    expect(Object.values(totalsOf(agents)).reduce((a, b) => a + b, 0)).toBe(agents.length);
    const covered = [...busy.teams.values()].map((team) => ({
      ...team,
      cover: { ...team.cover, present: [] },
    }));
    expect(sameNames(names, teamNames(covered))).toBe(true);
    expect(sameNames(names, names.slice(1))).toBe(false);
    const remembered = teamOrder();
    for (const there of [agents, with1Gone, agents.slice(5), agents])
      expect(remembered(placesOf(there), names, collator)).toEqual(
        teamOrder()(placesOf(there), names, collator),
      );
  });

  it('[WAL-23] gives the same reference back where nothing changed', () => {
    let list = ['a', 'b'];
    const read = steady(() => [...list], sameItems);
    const first = read();
    expect(read()).toBe(first);
    list = ['a', 'c'];
    expect(read()).not.toBe(first);
  });

  it('[WAL-24] lists open promises by when they are due, the most overdue first', () => {
    const [one, ...rest] = [...busy.callbacks.values()];
    if (!one) throw new Error('Expected a promise.');
    const shown = openPromises([...rest, { ...one, state: 'proved', kept: true }]);
    expect(shown).toHaveLength(rest.length);
    expect(shown.map(({ dueAt }) => dueAt)).toEqual(
      rest.map(({ dueAt }) => dueAt).sort((a, b) => a - b),
    );
  });

  it('[WAL-25] reads its board and what is overruled from its address', () => {
    const address = readAddress('/wall/floor%202', '?inches=32&seat=x&language=lv&page=floor');
    expect(address).toEqual({
      board: 'floor 2',
      inches: 32,
      seat: null,
      language: 'lv',
      page: 'floor',
    });
    expect(overruled(boardOf({}), address)).toMatchObject({
      language: 'lv',
      pages: ['floor'],
      screen: { inches: 32, seatMetres: 5 },
    });
    expect(readAddress('/', '')).toMatchObject({ board: 'main', page: null, language: null });
    expect(readAddress('/wall/%E0%A4%A', '')).toMatchObject({ board: '%E0%A4%A' });
  });
});

describe('the day’s chart', () => {
  const { clock } = formatOf('en', 'Europe/Riga');
  const interval = (start: number, offered: number): IntervalRow => ({
    id: `q ${start}`,
    queue: 'q',
    start,
    minutes: 15,
    offered,
    answered: offered,
    abandoned: 0,
    withinTarget: offered / 2,
    serviceLevel: 0.5,
  });

  it('[WAL-18] adds queues and quarters to half hours, from the first busy one to the last', () => {
    const startsAt = Date.UTC(2026, 10, 20, 22);
    const day = { startsAt, endsAt: startsAt + 86_400_000, clock };
    const nine = startsAt + 9 * 3_600_000;
    const slots = daySlots(
      [interval(nine, 4), interval(nine + 900_000, 6), interval(nine + 3_600_000, 2)],
      day,
    );
    expect(slots.map(({ start, today }) => [clock(start), today?.offered ?? 0])).toEqual([
      ['09:00', 10],
      ['09:30', 0],
      ['10:00', 2],
    ]);
    expect(sumOf(slots).offered).toBe(12);
    expect(levelOf(slots[0]?.today ?? null)).toBe(0.5);
    expect(levelOf(null)).toBeNull();
    expect(daySlots([], day)).toEqual([]);
  });

  it('[WAL-18] counts nobody twice: the row of all queues together is left to its parts', () => {
    const startsAt = Date.UTC(2026, 10, 20, 22);
    const day = { startsAt, endsAt: startsAt + 86_400_000, clock };
    const parts = [
      { ...interval(startsAt, 4), queue: 'orders' },
      { ...interval(startsAt, 6), queue: 'returns' },
    ];
    const sums = new DaySums();
    for (const row of [...parts, { ...interval(startsAt, 10), queue: '*' }]) sums.add(row);
    expect(sums.offered).toBe(10);
    expect(sumOf(daySlots(sums.counts, day)).offered).toBe(10);
  });

  it('[WAL-18] keeps its sums as rows come, change and go', () => {
    const chance = createChance(seedFor('sums of a day'));
    const rows = new Map<string, IntervalRow>();
    const sums = new DaySums();
    for (let step = 0; step < 2_000; step += 1) {
      const row = { ...interval(chance.below(9), chance.below(50)), queue: `q${chance.below(7)}` };
      const key = `${row.queue} ${row.start}`;
      const old = rows.get(key);
      if (old) sums.remove(old);
      rows.delete(key);
      if (old && chance.below(3) === 0) continue;
      sums.add(row);
      rows.set(key, row);
    }
    const anew = new DaySums();
    for (const row of rows.values()) anew.add(row);
    const byStart = (of: DaySums) => [...of.counts].sort((a, b) => a.start - b.start);
    expect(byStart(sums)).toEqual(byStart(anew));
    expect(sums.offered).toBe(anew.offered);
    for (const row of rows.values()) sums.remove(row);
    expect(byStart(sums)).toEqual([]);
  });

  it('[WAL-18] puts last week under the same clock though summer time ended in between', () => {
    // 25 October 2026 has 25 hours in Riga; a week ago the same clock stood an hour nearer.
    const startsAt = Date.UTC(2026, 9, 25, 22);
    const weekAgo = Date.UTC(2026, 9, 18, 21);
    const nine = 9 * 3_600_000;
    const slots = daySlots([interval(startsAt + nine, 8), interval(weekAgo + nine, 6)], {
      startsAt,
      endsAt: startsAt + 86_400_000,
      clock,
    });
    expect(slots).toHaveLength(1);
    expect(slots[0]).toMatchObject({ today: { offered: 8 }, weekAgo: { offered: 6 } });
  });
});
