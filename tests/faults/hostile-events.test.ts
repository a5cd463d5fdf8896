// Malformed events by every way in, beside good ones, on the whole product: each is counted with its reason, none is on a screen, the good ones are all there.
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_BOARD } from '../../server/contract/board.ts';
import type { Delta } from '../../server/contract/protocol.ts';
import { createChance, seedFor } from '../support/chance.ts';
import type { Pharos } from '../support/pharos.ts';
import { startRedis } from '../support/redis-server.ts';
import type { RedisServer } from '../support/redis-server.ts';
import { MARK, rubbishFor, unreadableBody } from '../support/rubbish-events.ts';
import type { Rubbish, Way } from '../support/rubbish-events.ts';
import { isLive, openWireClient } from '../support/wire-client.ts';
import type { WireClient } from '../support/wire-client.ts';
import { JOURNAL, knownOf, startSite, TOKEN } from './arena.ts';
import { record } from './record.ts';
import { times } from './scale.ts';

const RUBBISH = times(1_500, 10_000);
/** Rubbish that leaves together, and milliseconds between two such lots. */
const LOT = 50;
const LOT_EVERY_MS = times(60, 40);
const GOOD_EVERY_MS = 20;
/** Good events alone, for comparison. */
const ALONE = times(100, 500);
const PATIENCE_MS = 60_000;
const BATCH = 'application/cloudevents-batch+json';
const stream = (source: string): string => `pharos:{main}:in:${source}`;
/** Entries of the list of refusals, with what Redis keeps of it besides. */
const REFUSALS_MOST = 10_000 + 200;

let redis: RedisServer;
let hand: Redis;
let site: Pharos;
let wall: WireClient;
let desk: WireClient;
/** When the desk heard of an agent first. */
const heardAt = new Map<string, number>();

beforeAll(async () => {
  redis = await startRedis();
  hand = new Redis(redis.url);
  const { id, ...board } = { ...DEFAULT_BOARD, id: 'desk', audience: 'desk' };
  const saved = ['type', 'board.saved', 'subject', id, 'data', JSON.stringify(board)];
  await hand.xadd(JOURNAL, '*', ...saved);
  site = await startSite(redis.url);
  wall = openWireClient({ url: site.url, auth: { token: TOKEN } });
  desk = openWireClient({ url: site.url, auth: { token: TOKEN, board: 'desk' } });
  await Promise.all([wall.until(isLive), desk.until(isLive)]);
  desk.socket.on('delta', ({ put }: Delta) => {
    for (const agent of Object.keys(put.agents ?? {}))
      if (!heardAt.has(agent)) heardAt.set(agent, performance.now());
  });
});
afterAll(async () => {
  wall.close();
  desk.close();
  hand.disconnect();
  await site.close();
  await redis.close();
});

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function post(body: string): Promise<number> {
  const answer = await fetch(`${site.url}/api/v1/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': BATCH },
    body,
  });
  await answer.text();
  return answer.status;
}

/** A good event; now and then its producer's clock is far ahead, which the log puts right. */
async function sayGood(way: Way, agent: string, n: number): Promise<void> {
  const type = 'agent.state';
  const data = { state: 'available' };
  const isAhead = n % 10 === 0;
  const time = '2199-01-01T00:00:00Z';
  if (way === 'http') {
    const event = { specversion: '1.0', type, subject: agent, data, ...(isAhead ? { time } : {}) };
    expect(await post(JSON.stringify([event]))).toBe(202);
    return;
  }
  const words = ['type', type, 'subject', agent, 'data', JSON.stringify(data)];
  const key = way === 'journal' ? JOURNAL : stream('well');
  await hand.xadd(key, '*', ...words, ...(isAhead ? ['time', time] : []));
}

interface Goods {
  readonly saidAt: ReadonlyMap<string, number>;
}

/** Says good events at 50/s until told to stop. */
async function sayGoods(way: Way, name: string, isOver: (n: number) => boolean): Promise<Goods> {
  const saidAt = new Map<string, number>();
  const from = performance.now();
  const saying: Promise<void>[] = [];
  for (let n = 0; !isOver(n); n++) {
    await pause(Math.max(0, from + n * GOOD_EVERY_MS - performance.now()));
    const agent = `good-${way}-${name}-${n}`;
    saidAt.set(agent, performance.now());
    saying.push(sayGood(way, agent, n));
  }
  await Promise.all(saying);
  return { saidAt };
}

/** Milliseconds from a good event to the desk, sorted; waits for all. */
async function delaysOf({ saidAt }: Goods): Promise<readonly number[]> {
  await expect
    .poll(() => [...saidAt.keys()].filter((agent) => !heardAt.has(agent)).length, {
      timeout: PATIENCE_MS,
    })
    .toBe(0);
  return [...saidAt].map(([agent, at]) => heardAt.get(agent)! - at).sort((a, b) => a - b);
}

const at = (sorted: readonly number[], share: number): number =>
  Math.round(sorted[Math.floor((sorted.length - 1) * share)] ?? NaN);

/** What `/metrics` counts, by reason: refused, and of no type that is known. */
async function countsBy(way: Way): Promise<ReadonlyMap<string, number>> {
  const text = await (await fetch(`${site.url}/metrics`)).text();
  const counts = new Map<string, number>();
  const metric =
    way === 'http' ? 'pharos_http_events_refused_total' : 'pharos_events_refused_total';
  for (const line of text.split('\n')) {
    const [, name, labels = '', value] = /^(\w+)(?:\{(.*)\})? (\d+)$/.exec(line) ?? [];
    const reason = name === metric ? /reason="([^"]*)"/.exec(labels)?.[1] : undefined;
    if (reason !== undefined) counts.set(reason, (counts.get(reason) ?? 0) + Number(value));
    if (name === 'pharos_events_unknown_total') counts.set('unknown', Number(value));
  }
  return counts;
}

async function saySome(way: Way, lot: readonly Rubbish[]): Promise<void> {
  if (way === 'http') {
    expect(await post(`[${lot.map(({ json }) => json).join(',')}]`)).toBe(422);
    return;
  }
  const key = way === 'journal' ? JOURNAL : stream('bad');
  const batch = hand.pipeline();
  for (const { words } of lot) batch.xadd(key, '*', ...words);
  for (const [error] of (await batch.exec()) ?? []) if (error) throw error;
}

describe('events of a hostile producer', () => {
  it.each([
    ['[FLT-60]', 'in the journal', 'journal'],
    ['[FLT-61]', 'in a stream of its own', 'stream'],
    ['[FLT-62]', 'by HTTP', 'http'],
  ] as const)(
    '%s %s are counted by reason, are on no screen, and hold up no good one',
    { timeout: times(120_000, 240_000) },
    async (_rule, where, way) => {
      const chance = createChance(seedFor(`rubbish ${where}`));
      // A new stream is looked for every two seconds only.
      await delaysOf(await sayGoods(way, 'first', (n) => n === 1));
      const alone = await delaysOf(await sayGoods(way, 'alone', (n) => n === ALONE));

      const before = await countsBy(way);
      const expected = new Map<string, number>();
      const expectOne = (reason: string): void =>
        void expected.set(reason, (expected.get(reason) ?? 0) + 1);
      let isOver = false;
      const goods = sayGoods(way, 'beside', () => isOver);
      for (let n = 0; n < RUBBISH; n += LOT) {
        const lot = Array.from({ length: LOT }, (_, at) => rubbishFor(way, n + at, chance));
        for (const { reason } of lot) expectOne(reason);
        await saySome(way, lot);
        if (way === 'http') {
          expect([400, 413]).toContain(await post(unreadableBody(n, chance)));
          expectOne('unreadable');
        }
        await pause(LOT_EVERY_MS);
      }
      isOver = true;
      const beside = await delaysOf(await goods);

      const counted = async (): Promise<Readonly<Record<string, number>>> => {
        const now = [...(await countsBy(way))].map(
          ([reason, count]) => [reason, count - (before.get(reason) ?? 0)] as const,
        );
        return Object.fromEntries(now.filter(([, count]) => count !== 0).sort());
      };
      await expect
        .poll(counted, { timeout: PATIENCE_MS, interval: 200 })
        .toEqual(Object.fromEntries([...expected].sort()));

      const known = await knownOf(site);
      const screens = `${wall.heard}${desk.heard}${JSON.stringify(known)}`;
      const from = screens.indexOf(MARK);
      expect(from < 0 ? '' : screens.slice(Math.max(0, from - 200), from + 80)).toBe('');
      expect(site.printed()).not.toContain(MARK);
      const late = Object.values(known.rows.agents ?? {}).filter(
        ({ since }) => since > Date.now() + 5_000,
      );
      expect(late).toEqual([]);
      expect([wall.misfits, desk.misfits]).toEqual([0, 0]);
      expect([wall.refused, desk.refused]).toEqual([null, null]);

      const all = [...expected.values()].reduce((sum, count) => sum + count, 0);
      if (way === 'stream') expect(known.rows.sources?.bad?.refused).toBe(all);
      const kept = await hand.xlen('pharos:{main}:refused');
      if (way === 'http') expect(kept).toBeLessThanOrEqual(REFUSALS_MOST);
      else expect(kept).toBeGreaterThan(Math.min(all, 500));
      record({
        fault: `malformed events ${where}`,
        times: all,
        noticedMs: [],
        backMs: [],
        lost: 0,
        twice: null,
        says: `all ${all} counted under ${expected.size} reasons, ${kept} kept in the list; good ones p50/p99 ${at(beside, 0.5)}/${at(beside, 0.99)} ms, alone ${at(alone, 0.5)}/${at(alone, 0.99)} ms`,
      });
    },
  );
});
