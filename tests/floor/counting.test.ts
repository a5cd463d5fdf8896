// Counting: the five formulas by a table, an independent counter that keeps all history, a new target, and the site's days. One room, since the table, the counter and the days count the same calls.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Formula } from '../../server/contract/lists.ts';
import { noCounts, serviceLevel } from '../../server/floor/counts.ts';
import { Floor } from '../../server/floor/floor.ts';
import { at, event, NINE, OPTIONS, Scene } from './scene.ts';

describe('counting', () => {
  it.each<[Formula, number, number]>([
    ['offered', 70 / 100, 70 / 102],
    ['ignore-early-abandons', 70 / 92, 70 / 94],
    ['ignore-short-abandons', 70 / 95, 70 / 97],
    ['answered-only', 70 / 85, 70 / 87],
    ['abandons-count', 79 / 97, 79 / 99],
  ])('[FLR-10] defines the service level %s', (formula, level, live) => {
    const counts = {
      ...noCounts(),
      offered: 100,
      answered: 85,
      abandoned: 12,
      leftOtherwise: 3,
      withinTarget: 70,
      shortAbandoned: 5,
      abandonedBefore: 8,
      abandonedWithin: 9,
    };
    expect(serviceLevel(counts, formula)).toBe(level);
    expect(serviceLevel(counts, formula, 2)).toBe(live);
    expect(serviceLevel(noCounts(), formula)).toBeNull();
  });

  it('[FLR-11] counts what an independent counter counts from the whole history', () => {
    fc.assert(
      fc.property(fc.array(call, { maxLength: 60 }), fc.constantFrom(5, 20), (calls, target) => {
        const told = calls.flatMap((made, i) => eventsOf(made, `c${i}`));
        told.sort((a, b) => a.at - b.at);
        const floor = new Floor(OPTIONS);
        const profile = { name: 'Q', target: { seconds: target, percent: 80 } };
        for (const subject of ['billing', 'sales'])
          floor.apply(event({ type: 'queue.profile', subject, data: profile, at: NINE }));
        for (const one of told) {
          floor.expire(one.at);
          floor.apply(one);
        }
        for (const queue of ['billing', 'sales']) {
          const own = naive(
            calls.filter((made) => made.queue === queue),
            target,
          );
          const row = floor.facts.queues.get(queue)?.today;
          expect({ ...row, liveServiceLevel: row?.serviceLevel }).toEqual({
            ...own.today,
            liveServiceLevel: own.today.serviceLevel,
          });
        }
        const all = naive(calls, target).slots;
        for (const {
          start,
          offered,
          answered,
          waitingAtStart,
          talkingAtStart,
          peakWaiting,
        } of floor.intervals(0, Infinity, '*'))
          expect({ offered, answered, waitingAtStart, talkingAtStart, peakWaiting }).toEqual(
            all(start),
          );
      }),
      { numRuns: 150 },
    );
  });

  it('[FLR-12] counts a visit when its wait is over, in the quarter and day of its entry; never queued is not offered', () => {
    const scene = new Scene();
    scene.tell(10, 'contact.queued', 'c1', { queue: 'billing' });
    expect(scene.queue('billing')).toMatchObject({
      waiting: 1,
      oldestAt: at(10),
      today: { offered: 0 },
    });
    scene.tell(15, 'contact.ringing', 'c1', { agent: 'anna' });
    expect(scene.queue('billing').waiting).toBe(1);
    scene.tell(40, 'contact.answered', 'c1', { agent: 'anna' });
    expect(scene.queue('billing').today).toMatchObject({
      offered: 1,
      answered: 1,
      withinTarget: 0,
      asaMs: 30_000,
      ahtMs: null,
    });
    scene.tell(100, 'contact.answered', 'direct', { agent: 'ben', queue: 'billing' });
    scene.tell(130, 'contact.ended', 'direct', {});
    expect(scene.queue('billing').today.offered).toBe(1);
    scene.tell(200, 'contact.queued', 'c2', { queue: 'billing' });
    scene.tell(200, 'contact.answered', 'c2', { agent: 'ben' });
    expect(scene.queue('billing').today).toMatchObject({
      offered: 2,
      answered: 2,
      withinTarget: 1,
      asaMs: 15_000,
    });
    scene.tell(1_000, 'contact.ended', 'c1', {});
    expect(scene.queue('billing').today.ahtMs).toBe(960_000);
    const [quarter] = scene.floor.intervals(NINE, NINE + 1, 'billing');
    expect(quarter).toMatchObject({ offered: 2, handled: 1, handleMs: 960_000, day: '2026-03-02' });
    expect(scene.floor.intervals(at(900), at(901), 'billing')[0]).toMatchObject({
      talkingAtStart: 1,
    });
  });

  it.each([
    [{}, 'abandoned'],
    [{ by: 'customer' }, 'abandoned'],
    [{ outcome: 'abandoned', by: 'system' }, 'abandoned'],
    [{ by: 'system' }, 'leftOtherwise'],
    [{ outcome: 'failed' }, 'leftOtherwise'],
    [{ outcome: 'unknown' }, 'unknown'],
  ] as const)('[FLR-13] counts a wait that ends with %j as %s', (data, how) => {
    const scene = new Scene();
    scene.tell(0, 'contact.queued', 'c1', { queue: 'billing' });
    scene.tell(3, 'contact.ended', 'c1', data);
    const { offered, abandoned, shortAbandoned, leftOtherwise, unknown } =
      scene.queue('billing').today;
    expect({ abandoned, leftOtherwise, unknown }).toEqual({
      abandoned: 0,
      leftOtherwise: 0,
      unknown: 0,
      [how]: 1,
    });
    expect(offered).toBe(how === 'unknown' ? 0 : 1);
    expect(shortAbandoned).toBe(how === 'abandoned' ? 1 : 0);
    expect(scene.floor.facts.contacts.size).toBe(0);
  });

  it('[FLR-13] counts a dequeue, and a second queue while the first still waits, as left otherwise, and each visit anew', () => {
    const scene = new Scene();
    scene.tell(0, 'contact.queued', 'c1', { queue: 'sales' });
    scene.tell(15, 'contact.dequeued', 'c1', { why: 'timeout' });
    expect(scene.contact('c1')).toMatchObject({ state: 'routing', agent: null });
    scene.tell(15, 'contact.queued', 'c1', { queue: 'support' });
    scene.tell(20, 'contact.queued', 'c1', { queue: 'billing' });
    scene.tell(25, 'contact.answered', 'c1', { agent: 'anna' });
    scene.tell(60, 'contact.transferred', 'c1', { to: { queue: 'sales' } });
    scene.tell(61, 'contact.queued', 'c1', { queue: 'sales' });
    scene.tell(71, 'contact.answered', 'c1', { agent: 'ben' });
    scene.tell(80, 'contact.ended', 'c1', {});
    expect(scene.queue('sales').today).toMatchObject({
      offered: 2,
      answered: 1,
      leftOtherwise: 1,
      ahtMs: 9_000,
    });
    expect(scene.queue('support').today).toMatchObject({ offered: 1, leftOtherwise: 1 });
    expect(scene.queue('billing').today).toMatchObject({ offered: 1, answered: 1, ahtMs: 35_000 });
  });

  it('[FLR-14] adds who still waits past the target to the live service level, at the instant it is past', () => {
    const scene = new Scene();
    scene.tell(0, 'contact.queued', 'c1', { queue: 'billing' });
    scene.tell(1, 'contact.answered', 'c1', {});
    scene.tell(10, 'contact.queued', 'c2', { queue: 'billing' });
    scene.wait(30);
    expect(scene.queue('billing').today.liveServiceLevel).toBe(1);
    expect(scene.floor.nextAt()).toBe(at(30) + 1);
    scene.floor.expire(at(30) + 1);
    expect(scene.queue('billing').today).toMatchObject({ serviceLevel: 1, liveServiceLevel: 0.5 });
    scene.tell(40, 'contact.answered', 'c2', {});
    expect(scene.queue('billing').today).toMatchObject({
      serviceLevel: 0.5,
      liveServiceLevel: 0.5,
    });
  });

  it('[FLR-15] judges the present day again by a new target or short abandon', () => {
    const scene = new Scene();
    for (const [i, wait] of [4, 18, 25, 40].entries()) {
      scene.tell(i * 100, 'contact.queued', `c${i}`, { queue: 'billing' });
      scene.tell(i * 100 + wait, 'contact.answered', `c${i}`, {});
    }
    scene.tell(500, 'contact.queued', 'gone', { queue: 'billing' });
    scene.tell(508, 'contact.ended', 'gone', {});
    expect(scene.queue('billing').today).toMatchObject({
      withinTarget: 2,
      shortAbandoned: 0,
      serviceLevel: 0.4,
    });
    const target = { seconds: 30, percent: 80, formula: 'ignore-short-abandons' } as const;
    scene.tell(600, 'queue.profile', 'billing', {
      name: 'Billing',
      target,
      shortAbandonSeconds: 10,
    });
    expect(scene.queue('billing').today).toMatchObject({
      withinTarget: 3,
      shortAbandoned: 1,
      serviceLevel: 0.75,
    });
    expect(scene.floor.facts.intervals.get(`billing ${NINE}`)).toMatchObject({
      withinTarget: 3,
      serviceLevel: 0.75,
    });
    expect(scene.floor.facts.intervals.get(`* ${NINE}`)).toMatchObject({
      withinTarget: 3,
      offered: 5,
    });
  });

  it.each([
    ['2026-03-29', 23],
    ['2026-10-25', 25],
    ['2026-03-02', 24],
  ])('[FLR-16] has a site day of the right length on %s: %i hours', (date, hours) => {
    const noon = Date.parse(`${date}T12:00:00Z`);
    const floor = new Floor({ ...OPTIONS, now: noon });
    const site = floor.facts.site.get('main');
    expect(((site?.dayEndsAt ?? 0) - (site?.dayStartsAt ?? 0)) / 3_600_000).toBe(hours);
    expect(floor.nextAt()).toBe(site?.dayEndsAt);
  });

  it('[FLR-16] begins its counts again when the day does, at its own hour; who waits over it stays in yesterday', () => {
    const scene = new Scene({ dayStarts: '06:15' });
    scene.tell(0, 'contact.queued', 'c1', { queue: 'billing' });
    scene.tell(5, 'contact.answered', 'c1', {});
    const dawn = (21 * 60 + 15) * 60;
    scene.tell(dawn - 10, 'contact.queued', 'c2', { queue: 'billing' });
    expect(scene.queue('billing').today.offered).toBe(1);
    scene.wait(dawn);
    expect(scene.site.dayStartsAt).toBe(at(dawn));
    expect(scene.queue('billing')).toMatchObject({
      waiting: 1,
      oldestAt: at(dawn - 10),
      today: { offered: 0, serviceLevel: null },
    });
    expect(scene.floor.facts.intervals.size).toBe(0);
    scene.wait(dawn + 60);
    expect(scene.queue('billing').today.liveServiceLevel).toBeNull();
    scene.tell(dawn + 70, 'contact.answered', 'c2', {});
    scene.tell(dawn + 90, 'contact.ended', 'c2', {});
    expect(scene.queue('billing').today.offered).toBe(0);
    const [late] = scene.floor.intervals(at(dawn - 900), at(dawn), 'billing');
    expect(late).toMatchObject({ day: '2026-03-02', offered: 1, answered: 1, handled: 1 });
  });

  it('[FLR-17] hands out each interval that has ended once, and again when a late event changes it', () => {
    const scene = new Scene();
    scene.tell(10, 'contact.queued', 'c1', { queue: 'billing' });
    scene.tell(20, 'contact.answered', 'c1', {});
    expect(scene.floor.takeClosedIntervals(at(899))).toEqual([]);
    const first = scene.floor
      .takeClosedIntervals(at(900))
      .filter(({ queue }) => queue === 'billing');
    expect(first).toMatchObject([{ start: NINE, offered: 1, handled: 0 }]);
    expect(scene.floor.takeClosedIntervals(at(900))).toEqual([]);
    scene.tell(1_000, 'contact.ended', 'c1', {});
    const again = scene.floor
      .takeClosedIntervals(at(1_000))
      .filter(({ queue }) => queue === 'billing');
    expect(again).toMatchObject([{ start: NINE, offered: 1, handled: 1, handleMs: 980_000 }]);
  });

  it('[FLR-18] shows the same weekday a week ago behind today, and nothing else that is handed in', () => {
    const scene = new Scene();
    scene.tell(10, 'contact.queued', 'c1', { queue: 'billing' });
    scene.tell(20, 'contact.answered', 'c1', {});
    const [own] = scene.floor.intervals(NINE, at(1), 'billing');
    if (!own) throw new Error('nothing was counted');
    const before = NINE - 7 * 86_400_000;
    expect(scene.floor.weekAgo).toMatchObject({ label: '2026-02-23' });
    scene.floor.loadIntervals([
      { ...own, start: before },
      { ...own, start: before + 900_000 },
      { ...own, start: before - 86_400_000 },
    ]);
    const ids = [...scene.floor.facts.intervals.keys()].sort();
    expect(ids).toEqual([`* ${NINE}`, `billing ${before}`, `billing ${NINE}`].sort());
    expect(scene.floor.facts.intervals.get(`billing ${before}`)).toMatchObject({
      offered: 2,
      minutes: 30,
    });
  });
});

interface Call {
  readonly queue: string;
  readonly enters: number;
  readonly wait: number;
  readonly talk: number;
  readonly end: 'answered' | 'abandoned' | 'left';
}

const call: fc.Arbitrary<Call> = fc.record({
  queue: fc.constantFrom('billing', 'sales'),
  enters: fc.integer({ min: 0, max: 4_000 }),
  wait: fc.oneof(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 2_500 })),
  talk: fc.integer({ min: 0, max: 3_000 }),
  end: fc.constantFrom('answered', 'answered', 'abandoned', 'left'),
});

function eventsOf({ queue, enters, wait, talk, end }: Call, subject: string) {
  const left = at(enters + wait);
  const queued = event({ type: 'contact.queued', subject, data: { queue }, at: at(enters) });
  if (end !== 'answered') {
    const data = { by: end === 'left' ? 'system' : 'customer' } as const;
    return [queued, event({ type: 'contact.ended', subject, data, at: left })];
  }
  return [
    queued,
    event({ type: 'contact.answered', subject, data: {}, at: left }),
    event({ type: 'contact.ended', subject, data: {}, at: left + talk * 1_000 }),
  ];
}

/** Counts from the whole history, with none of the floor's own ways. */
function naive(calls: readonly Call[], target: number) {
  const [answered, abandoned, left] = (['answered', 'abandoned', 'left'] as const).map((end) =>
    calls.filter((made) => made.end === end),
  ) as [Call[], Call[], Call[]];
  const within = answered.filter(({ wait }) => wait <= target).length;
  const mean = (of: readonly number[]): number | null =>
    of.length === 0 ? null : Math.round((of.reduce((a, b) => a + b, 0) * 1_000) / of.length);
  const level = calls.length === 0 ? null : within / calls.length;
  const waitsAt = (second: number): number =>
    calls.filter(({ enters, wait }) => enters <= second && second < enters + wait).length;
  const today = {
    offered: calls.length,
    answered: answered.length,
    abandoned: abandoned.length,
    shortAbandoned: abandoned.filter(({ wait }) => wait < 5).length,
    leftOtherwise: left.length,
    unknown: 0,
    withinTarget: within,
    serviceLevel: level,
    asaMs: mean(answered.map(({ wait }) => wait)),
    ahtMs: mean(answered.map(({ talk }) => talk)),
    holdMs: 0,
    longestWaitMs: Math.max(0, ...calls.map(({ wait }) => wait)) * 1_000,
  };
  const slots = (start: number) => {
    const from = (start - NINE) / 1_000;
    const inSlot = calls.filter(({ enters }) => enters >= from && enters < from + 900);
    const instants = [from, ...calls.map(({ enters }) => enters)].filter(
      (s) => s >= from && s < from + 900,
    );
    return {
      offered: inSlot.length,
      answered: inSlot.filter(({ end }) => end === 'answered').length,
      waitingAtStart: waitsAt(from),
      talkingAtStart: answered.filter(
        ({ enters, wait, talk }) => enters + wait <= from && from < enters + wait + talk,
      ).length,
      peakWaiting: Math.max(...instants.map(waitsAt)),
    };
  };
  return { today, slots };
}
