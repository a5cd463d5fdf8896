// Intervals by HTTP: what may be asked for, and in which words it is answered.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readQuery } from '../../server/gateway/intervals-door.ts';
import type { IntervalFigures } from '../../server/gateway/options.ts';
import { call } from '../support/call.ts';
import { openBench } from '../support/gateway-bench.ts';
import type { Bench } from '../support/gateway-bench.ts';
import { siteRow } from '../support/paper-rows.ts';

/** 25 October 2026, 00:30 in Riga, summer time: that day has 25 hours. */
const START = Date.UTC(2026, 9, 24, 21, 30);

const figures: IntervalFigures = {
  start: START,
  queue: 'sales, "large"',
  offered: 7,
  answered: 5,
  abandoned: 2,
  shortAbandoned: 1,
  leftOtherwise: 0,
  withinTarget: 4,
  serviceLevel: 0.5714,
  asaMs: 8_200,
  ahtMs: null,
  longestWaitMs: 61_000,
  waitingAtStart: 1,
  oldestWaitAtStartMs: null,
  talkingAtStart: 2,
  peakWaiting: 3,
};

let bench: Bench;
beforeEach(async () => {
  bench = await openBench({
    intervals: () => [figures, { ...figures, start: START + 6 * 3_600_000, queue: '*' }],
  });
});
afterEach(() => bench.close());

const get = (query: string, accept = 'application/json') =>
  call({ port: bench.port, path: `/api/v1/intervals${query}`, headers: { accept } });

describe('intervals by HTTP', () => {
  it('[GTW-60] come as JSON with the offset of their own instant', async () => {
    const answer = await get('');
    expect(answer.headers['content-type']).toContain('application/json');
    const { intervals } = JSON.parse(answer.body) as { intervals: { start: string }[] };
    expect(intervals).toMatchObject([
      { ...figures, start: '2026-10-25T00:30:00+03:00' },
      { queue: '*', start: '2026-10-25T05:30:00+02:00' },
    ]);
  });

  it('[GTW-60] come as CSV where that is accepted', async () => {
    const answer = await get('', 'text/csv, */*;q=0.1');
    expect(answer.headers['content-type']).toContain('text/csv');
    expect(answer.body.split('\r\n')).toEqual([
      'start,queue,offered,answered,abandoned,shortAbandoned,leftOtherwise,withinTarget,serviceLevel,asaMs,ahtMs,longestWaitMs,waitingAtStart,oldestWaitAtStartMs,talkingAtStart,peakWaiting',
      '2026-10-25T00:30:00+03:00,"sales, ""large""",7,5,2,1,0,4,0.5714,8200,,61000,1,,2,3',
      '2026-10-25T05:30:00+02:00,*,7,5,2,1,0,4,0.5714,8200,,61000,1,,2,3',
      '',
    ]);
  });

  it('[GTW-61] are today’s until now by half hours where nothing is asked for', async () => {
    const dayStartsAt = Date.now() - 3_600_000;
    bench.floor.put('site', siteRow('main', { dayStartsAt }));
    await get('');
    const [query] = bench.queries;
    expect(query).toMatchObject({ queue: null, team: null, from: dayStartsAt, every: '30m' });
    expect((query?.to ?? 0) - dayStartsAt).toBeGreaterThanOrEqual(3_600_000);
    await get('?queue=sales&team=red&from=2026-10-25&to=2026-10-26&every=1d');
    expect(bench.queries[1]).toEqual({
      queue: 'sales',
      team: 'red',
      from: Date.UTC(2026, 9, 24, 21),
      to: Date.UTC(2026, 9, 25, 22),
      every: '1d',
    });
    await get('?from=2026-10-25T00:00:00%2B03:00');
    expect(bench.queries[2]?.from).toBe(Date.UTC(2026, 9, 24, 21));
  });

  it('[GTW-61] say what they do not understand', async () => {
    const calendar = { zone: 'Europe/Riga', dayStartsAt: START, now: START + 1 };
    const fields = (query: Record<string, unknown>): string[] => {
      const read = readQuery(query, calendar);
      return 'problems' in read ? read.problems.map(({ field }) => field) : [];
    };
    expect(fields({ every: '2h' })).toEqual(['every']);
    expect(fields({ every: 'toString' })).toEqual(['every']);
    expect(fields({ every: ['1h', '1d'] })).toEqual(['every']);
    expect(fields({ from: 'today', to: '2026-13-45' })).toEqual(['from', 'to']);
    expect(fields({ from: '2026-10-25T00:00:00' })).toEqual(['from']);
    expect(fields({ queue: '__proto__', team: '' })).toEqual(['queue', 'team']);
    expect(fields({ from: '2026-10-26', to: '2026-10-25' })).toEqual(['to']);
    expect(fields({ from: '2026-01-01', to: '2026-10-25' })).toEqual(['to']);
    expect(fields({ colour: 'red' })).toEqual(['colour']);
    const answer = await get('?every=2h');
    expect([answer.status, JSON.parse(answer.body)]).toEqual([
      400,
      [{ field: 'every', expected: '15m, 30m, 1h, 1d', given: '2h' }],
    ]);
    expect(bench.queries).toEqual([]);
  });
});
