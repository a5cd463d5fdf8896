// A producer that may write its own stream alone, and does its worst there: its source is marked on the wall by name, and no other notices.
import { Redis } from 'ioredis';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SourceFault } from '../../server/contract/lists.ts';
import { openChromium } from '../support/chromium.ts';
import { showToken } from '../support/sign-in-page.ts';
import type { Pharos } from '../support/pharos.ts';
import { startRedis } from '../support/redis-server.ts';
import type { RedisServer } from '../support/redis-server.ts';
import { openWall } from '../support/wall-page.ts';
import type { WallPage } from '../support/wall-page.ts';
import { JOURNAL, knownOf, startSite, TOKEN } from './arena.ts';
import { record } from './record.ts';

/** D-8. */
const MARKED_MS = 15_000;
const PATIENCE_MS = 30_000;
const LAST_ID = '18446744073709551615-18446744073709551615';
const PASSWORD = 'secret';
const stream = (source: string): string => `pharos:{main}:in:${source}`;

let redis: RedisServer;
let hand: Redis;
let site: Pharos;
let browser: Browser;
let wall: WallPage;
/** By name: each may add to its own stream and do nothing else. */
const producers = new Map<string, Redis>();

beforeAll(async () => {
  redis = await startRedis();
  hand = new Redis(redis.url);
  for (const name of ['crm', 'shop']) {
    const may = ['resetkeys', `%W~${stream(name)}`, 'resetchannels', '-@all', '+xadd', '+ping'];
    await hand.acl('SETUSER', name, 'on', `>${PASSWORD}`, ...may);
    const username = name;
    const producer = new Redis(redis.url, {
      ...{ username, password: PASSWORD, enableReadyCheck: false },
    });
    producers.set(name, producer);
    const profile = ['type', 'queue.profile', 'subject', `queue-${name}`];
    await hand.xadd(JOURNAL, '*', ...profile, 'data', `{"name":"Queue of ${name}"}`);
  }
  site = await startSite(redis.url);
  browser = await openChromium();
  wall = await openWall(browser, { url: `${site.url}/sign-in` });
  await showToken(wall.page, TOKEN);
  await wall.untilLive(PATIENCE_MS);
});
afterAll(async () => {
  await wall.close();
  await browser.close();
  for (const producer of producers.values()) producer.disconnect();
  hand.disconnect();
  await site.close();
  await redis.close();
});

/** Adds as the producer `name` may; the options come before the id. */
async function add(name: string, contact: string, options: readonly string[] = ['*']) {
  const data = `{"queue":"queue-${name}"}`;
  const words = ['type', 'contact.queued', 'subject', contact, 'data', data];
  await producers.get(name)!.call('XADD', stream(name), ...options, ...words);
}

/** What the wall shows as waiting in the queue of `name`, and whether as live. */
async function tileOf(name: string): Promise<string> {
  const line = wall.page.locator(`[data-queue="queue-${name}"]`);
  const waiting = await line.locator('[data-value]').first().innerText();
  const isStale = (await line.getAttribute('class'))?.includes('stale') === true;
  return `${waiting}${isStale ? ' stale' : ''}`;
}

/** Milliseconds until the wall names crm with this fault. */
async function marked(fault: SourceFault, words: RegExp): Promise<number> {
  const from = performance.now();
  await wall.page.waitForSelector('[data-silent~="crm"]', { timeout: MARKED_MS });
  await expect
    .poll(async () => (await knownOf(site)).rows.sources?.crm?.fault, { timeout: MARKED_MS })
    .toBe(fault);
  await expect
    .poll(() => wall.page.locator('[data-silent]').innerText(), { timeout: MARKED_MS })
    .toMatch(words);
  const tookMs = performance.now() - from;
  expect(await wall.page.locator('[data-not-live]').count()).toBe(0);
  expect(await wall.page.locator('[data-silent]').getAttribute('data-silent')).toBe('crm');
  await expect.poll(() => tileOf('crm')).toMatch(/ stale$/);
  return tookMs;
}

/** By telling anew all that is true, as soon as it can be read; else by the end of a minute. */
async function well(): Promise<void> {
  await wall.page.waitForSelector('[data-silent]', { state: 'detached', timeout: 90_000 });
}

describe('a hostile producer', () => {
  it(
    '[FLT-80] that empties, sets back, replaces and poisons its own stream is marked by name within 15 s, also by a new server, and changes no other tile',
    { timeout: 240_000 },
    async () => {
      await expect(producers.get('crm')!.del(stream('crm'))).rejects.toThrow('NOPERM');
      await expect(
        producers.get('crm')!.xadd(stream('shop'), '*', 'type', 'contact.ended'),
      ).rejects.toThrow('NOPERM');
      await add('crm', 'c1');
      await add('shop', 's1');
      await expect.poll(() => tileOf('crm'), { timeout: PATIENCE_MS }).toBe('1');
      await expect.poll(() => tileOf('shop'), { timeout: PATIENCE_MS }).toBe('1');
      const took: number[] = [];
      let sold = 1;
      /** What the other producer says goes through, and its tile is live. */
      const othersGoOn = async (): Promise<void> => {
        sold += 1;
        await add('shop', `s${sold}`);
        await expect.poll(() => tileOf('shop'), { timeout: PATIENCE_MS }).toBe(String(sold));
        expect((await knownOf(site)).rows.sources?.shop?.state).toBe('live');
      };

      // Each time more than the copier could see: whoever looks between two of them sees one that is gone.
      for (let n = 0; n < 20; n++) await add('crm', `gone-${n}`, ['MAXLEN', '0', '*']);
      took.push(await marked('trimmed', /crm lost entries/));
      await othersGoOn();
      await producers
        .get('crm')!
        .xadd(stream('crm'), '*', 'type', 'source.snapshot', 'subject', 'crm', 'data', '{}');
      await well();
      await expect.poll(() => tileOf('crm')).not.toMatch(/stale/);

      // These an administrator does, or a producer whose user may more than it should.
      await hand.del(stream('crm'));
      took.push(await marked('emptied', /stream of crm was emptied/));
      await othersGoOn();
      const before = await tileOf('crm');
      await add('crm', 'c2');
      await expect.poll(() => tileOf('crm'), { timeout: PATIENCE_MS }).not.toBe(before);
      const old = ['type', 'contact.queued', 'subject', 'c3', 'data', '{"queue":"queue-crm"}'];
      await hand
        .multi()
        .del(stream('crm'))
        .xadd(stream('crm'), '1-1', ...old)
        .exec();
      took.push(await marked('went-back', /stream of crm went back in time/));
      await othersGoOn();
      await hand.set(stream('crm'), 'no stream');
      took.push(await marked('replaced', /stream of crm is no stream/));
      await othersGoOn();
      await hand.del(stream('crm'));
      await add('crm', 'c4', [`${Date.now() - 1_000}-0`]);
      await othersGoOn();

      await add('crm', 'c5', [LAST_ID]);
      await expect(add('crm', 'c6')).rejects.toThrow();
      took.push(await marked('poisoned', /stream of crm has an event from the future/));
      await othersGoOn();

      // What a new server knows of it is what the journal says, and what it sees itself.
      await site.kill();
      await site.start();
      await wall.untilLive(PATIENCE_MS);
      await marked('poisoned', /stream of crm has an event from the future/);
      await othersGoOn();
      record({
        fault: 'a producer that empties, replaces and poisons its own stream',
        times: took.length,
        noticedMs: took,
        backMs: [],
        lost: null,
        twice: null,
        says: await wall.page.locator('[data-silent]').innerText(),
      });
    },
  );
});
