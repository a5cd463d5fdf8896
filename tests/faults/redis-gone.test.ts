// A Redis that is killed, frozen, unreachable or cuts its connections: every screen says so, nothing moves, and all is live again by itself.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../server/clock.ts';
import { openChromium } from '../support/chromium.ts';
import { createChance, seedFor } from '../support/chance.ts';
import { differences, heardOf, knownOf, markEnd, undisturbed, untilFolded } from './arena.ts';
import { openStage } from './redis-stage.ts';
import { tryTimes } from './redis-try.ts';
import type { Trouble } from './redis-try.ts';
import { times } from './scale.ts';

const PROMISED = { promisedTimes: 50, noticedWithinMs: 5_000, backWithinMs: 3_000 };
const LONG_MS = 1_200_000;
const now = (): number => systemClock.monotonic();

const killed: Trouble = {
  ...PROMISED,
  name: 'Redis killed',
  says: ['unreachable'],
  async begin({ redis }) {
    const at = now();
    await redis.kill();
    return at;
  },
  async end({ redis }) {
    await redis.restart();
    return { at: now() };
  },
};

const frozen: Trouble = {
  ...PROMISED,
  name: 'Redis frozen (SIGSTOP)',
  says: ['frozen'],
  begin({ redis }) {
    redis.stop();
    return Promise.resolve(now());
  },
  end({ redis }) {
    redis.cont();
    return Promise.resolve({ at: now() });
  },
};

const unreachable: Trouble = {
  ...PROMISED,
  name: 'Redis unreachable (packets dropped)',
  says: ['frozen', 'unreachable'],
  begin({ link }) {
    link?.swallow();
    return Promise.resolve(now());
  },
  end({ link }) {
    link?.mend();
    return Promise.resolve({ at: now() });
  },
};

const forgotten: Trouble = {
  ...unreachable,
  name: 'Redis unreachable, and connections of meanwhile stay lost',
  promisedTimes: 10,
  // Such a connection is given up after the 3 s of its socket's timeout, and only then is there a new one.
  backWithinMs: 6_000,
  end({ link }) {
    link?.forget();
    return Promise.resolve({ at: now() });
  },
};

const clientKill: Trouble = {
  ...PROMISED,
  promisedTimes: 10,
  name: 'CLIENT KILL of all connections',
  says: [],
  async begin({ redis }) {
    const at = now();
    await redis.say('CLIENT', 'KILL', 'TYPE', 'normal');
    return at;
  },
  end: () => Promise.resolve({ at: now() }),
};

describe.concurrent('a site whose Redis is gone', () => {
  let browser: Browser;
  const seed = seedFor('redis-gone');
  beforeAll(async () => {
    browser = await openChromium();
  });
  afterAll(() => browser.close());

  it.each([
    ['direct', [killed, frozen, clientKill]],
    ['link', [unreachable, forgotten]],
  ] as const)(
    '[FLT-1] [FLT-2] over a %s way: said, nothing moves, live again by itself, and all is known that a Pharos knows that nobody disturbed',
    async (way, troubles) => {
      const chance = createChance(seed + troubles.length);
      const stage = await openStage({ browser, name: `producer-${way}`, way });
      try {
        for (const trouble of troubles)
          await tryTimes(stage, trouble, { times: times(1, trouble.promisedTimes), chance });
        await markEnd(stage.redis, 'end');
        await untilFolded(stage.pharos, 'end');
        const known = await knownOf(stage.pharos);
        const whole = await undisturbed(stage.redis.url, 'end');
        expect(differences(heardOf(known), heardOf(whole))).toEqual([]);
      } finally {
        await stage.close();
      }
    },
    LONG_MS,
  );
});
