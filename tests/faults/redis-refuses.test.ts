// A Redis that answers, and refuses: out of memory, read-only, still loading, locked. Each is named on every screen, and passes by itself.
import { randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../server/clock.ts';
import { openChromium } from '../support/chromium.ts';
import { createChance, seedFor } from '../support/chance.ts';
import { differences, heardOf, knownOf, markEnd, undisturbed, untilFolded } from './arena.ts';
import { openStage } from './redis-stage.ts';
import type { Stage } from './redis-stage.ts';
import { tryTimes } from './redis-try.ts';
import type { Trouble } from './redis-try.ts';
import { times } from './scale.ts';

const PROMISED = { promisedTimes: 10, noticedWithinMs: 5_000, backWithinMs: 3_000 };
const LONG_MS = 600_000;
/** Keys of a base file, each of which delays the loading by so much. */
const KEYS = 25;
const KEY_DELAY_MICROS = '100000';
const now = (): number => systemClock.monotonic();

const full: Trouble = {
  ...PROMISED,
  name: 'Redis out of memory (OOM)',
  says: ['OOM'],
  async begin({ redis }) {
    await redis.say('CONFIG', 'SET', 'maxmemory', '1');
    return now();
  },
  async end({ redis }) {
    await redis.say('CONFIG', 'SET', 'maxmemory', '0');
    return { at: now() };
  },
};

const readOnly: Trouble = {
  ...PROMISED,
  name: 'Redis became a replica (READONLY)',
  says: ['READONLY'],
  async begin({ redis }) {
    await redis.say('REPLICAOF', '127.0.0.1', '1');
    return now();
  },
  async end({ redis }) {
    await redis.say('REPLICAOF', 'NO', 'ONE');
    return { at: now() };
  },
};

const loading: Trouble = {
  ...PROMISED,
  name: 'Redis killed, and loads its data for seconds (LOADING)',
  says: ['LOADING'],
  async begin({ redis, producer }) {
    // Else every command since the last time would be delayed on its way in.
    await rewritten(producer.redis);
    await redis.kill();
    redis.restartWithoutWaiting({
      'key-load-delay': KEY_DELAY_MICROS,
      'loading-process-events-interval-bytes': '1024',
    });
    return now();
  },
  async end({ redis }) {
    const answer = (): Promise<string> => redis.say('PING').catch(() => 'nothing');
    await expect.poll(answer, { interval: 10, timeout: 20_000 }).toBe('+PONG');
    return { at: now() };
  },
};

/** All data in a base file. */
async function rewritten(redis: Redis): Promise<void> {
  await redis.bgrewriteaof();
  const isDone = async (): Promise<void> =>
    expect(await redis.info('persistence')).toContain('aof_rewrite_in_progress:0');
  await vi.waitFor(isDone, { timeout: 10_000, interval: 20 });
}

const locked: Trouble = {
  ...PROMISED,
  name: 'Redis wants a password from now on (NOAUTH)',
  says: ['NOAUTH'],
  async begin({ producer: { redis } }) {
    await redis.config('SET', 'requirepass', 'a-new-one');
    const clients = (await redis.client('LIST')) as string;
    const ids = clients.split('\n').flatMap((line) => {
      const [, id, name] = /^id=(\d+) .* name=(\S*) /.exec(line) ?? [];
      return id !== undefined && name?.startsWith('pharos:') ? [id] : [];
    });
    expect(ids.length).toBeGreaterThan(1);
    for (const id of ids) await redis.client('KILL', 'ID', id);
    return now();
  },
  async end({ producer: { redis } }) {
    await redis.config('SET', 'requirepass', '');
    return { at: now() };
  },
};

describe('a site whose Redis refuses', () => {
  let browser: Browser;
  let stage: Stage;
  const chance = createChance(seedFor('redis-refuses'));
  beforeAll(async () => {
    browser = await openChromium();
    stage = await openStage({ browser, name: 'producer' });
    const { redis } = stage;
    // So that there is something to load. Redis answers between so many bytes of its file, in which what compresses well is nothing.
    for (let n = 0; n < KEYS; n++)
      await redis.say('SET', `key-${n}`, randomBytes(2_048).toString('base64'));
  });
  afterAll(async () => {
    await stage.close();
    await browser.close();
  });

  it.each([full, readOnly, locked, loading])(
    '[FLT-3] $name: named on the screens, and passes by itself',
    async (trouble) => {
      await tryTimes(stage, trouble, { times: times(1, trouble.promisedTimes), chance });
    },
    LONG_MS,
  );

  it('[FLT-2] knows afterwards what a Pharos knows that nobody disturbed', async () => {
    await markEnd(stage.redis, 'end');
    await untilFolded(stage.pharos, 'end');
    const known = await knownOf(stage.pharos);
    const whole = await undisturbed(stage.redis.url, 'end');
    expect(differences(heardOf(known), heardOf(whole))).toEqual([]);
  });
});
