// A log with entries gone, emptied, or set back to an older day: said at once, nothing resolved by it, and exact once the sources have told anew.
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../server/clock.ts';
import { openChromium } from '../support/chromium.ts';
import { createChance, seedFor } from '../support/chance.ts';
import { JOURNAL, knownOf, markEnd, untilFolded } from './arena.ts';
import { openStage } from './redis-stage.ts';
import type { Stage } from './redis-stage.ts';
import { tryTimes } from './redis-try.ts';
import type { Ended, Trouble } from './redis-try.ts';
import { times } from './scale.ts';

/** A gap stays on the screens for 5 s at least, so that a person can read it. */
const PROMISED = { promisedTimes: 10, backWithinMs: 8_000 };
const LONG_MS = 600_000;
const LOST = 7;
const now = (): number => systemClock.monotonic();
let told = 0;

async function tellAll({ tellAll }: Stage): Promise<Ended> {
  const more = `more-${++told}`;
  const at = now();
  await tellAll(more);
  return { at, more };
}

/** All that was acknowledged is read, and nothing more comes: what is trimmed then was lost by nobody else. */
async function quiet({ producer, redis, pharos }: Stage): Promise<void> {
  await producer.stop();
  const mark = `quiet ${++told}`;
  await markEnd(redis, mark);
  await untilFolded(pharos, mark);
}

/** Entries come and are gone in one step of Redis, so that nobody can have read them. */
async function loseSome({ producer: { redis } }: Stage): Promise<void> {
  const step = redis.multi();
  for (let n = 0; n < LOST; n++)
    step.xadd(JOURNAL, '*', 'type', 'team.profile', 'subject', `lost-${n}`, 'data', '{"name":"x"}');
  await step.xtrim(JOURNAL, 'MAXLEN', 0).exec();
}

const trimmed: Trouble = {
  ...PROMISED,
  name: 'trimmed past the position',
  says: ['trimmed'],
  noticedWithinMs: 2_000,
  async begin(stage) {
    await quiet(stage);
    await loseSome(stage);
    stage.producer.start();
    return now();
  },
  end: tellAll,
};

const trimmedWhileStopped: Trouble = {
  ...PROMISED,
  name: 'trimmed past the position while the server stood still (SIGSTOP)',
  says: ['trimmed'],
  noticedWithinMs: 2_000,
  async begin(stage) {
    await quiet(stage);
    stage.pharos.freeze();
    await loseSome(stage);
    stage.pharos.thaw();
    stage.producer.start();
    return now();
  },
  end: tellAll,
};

const trimmedWhileFrozen: Trouble = {
  ...PROMISED,
  name: 'Redis frozen, and trimmed before Pharos is back',
  says: ['trimmed'],
  noticedWithinMs: 3_000,
  async begin(stage) {
    await quiet(stage);
    const at = now();
    stage.redis.stop();
    const isFrozen = { from: at, withinMs: 5_000 };
    await stage.screen.untilSaid((health) => health.kind === 'log', isFrozen);
    // It stands in the connection of the producer, before anything that Pharos may ask.
    const losing = loseSome(stage);
    stage.redis.cont();
    await losing;
    stage.producer.start();
    return now();
  },
  end: tellAll,
};

const flushed: Trouble = {
  ...PROMISED,
  name: 'FLUSHALL',
  says: ['emptied'],
  noticedWithinMs: 3_000,
  async begin(stage) {
    await quiet(stage);
    await stage.redis.say('FLUSHALL');
    stage.producer.start();
    return now();
  },
  end: tellAll,
};

const restartedEmpty: Trouble = {
  ...PROMISED,
  name: 'Redis killed and started again empty',
  says: ['emptied'],
  noticedWithinMs: 3_000,
  async begin(stage) {
    await quiet(stage);
    await stage.redis.kill();
    stage.producer.start();
    await rm(join(stage.redis.dir, 'appendonlydir'), { recursive: true });
    await stage.redis.restart();
    return now();
  },
  end: tellAll,
};

const wentBack: Trouble = {
  ...PROMISED,
  name: 'Redis killed and an older copy restored (ids went back)',
  says: ['emptied'],
  noticedWithinMs: 3_000,
  async begin(stage) {
    await restoreOlder(stage);
    return now();
  },
  end: tellAll,
};

const overtaken: Trouble = {
  ...PROMISED,
  name: 'ids went back, and new ones are past the old before Pharos is back',
  says: ['emptied'],
  noticedWithinMs: 3_000,
  async begin(stage) {
    await restoreOlder(stage);
    const { redis } = stage.producer;
    await vi.waitFor(() => redis.ping(), { timeout: 5_000, interval: 1 });
    const step = redis.multi();
    for (let n = 0; n < 3 * LOST; n++)
      step.xadd(JOURNAL, '*', 'type', 'team.profile', 'subject', 'new', 'data', '{"name":"new"}');
    await step.exec();
    return now();
  },
  end: tellAll,
};

async function restoreOlder(stage: Stage): Promise<void> {
  const { redis, pharos, producer } = stage;
  await quiet(stage);
  const data = join(redis.dir, 'appendonlydir');
  const older = join(redis.dir, 'older');
  await cp(data, older, { recursive: true });
  // What is read now will not be in the log that comes.
  const name = `read-${++told}`;
  for (let n = 0; n < LOST; n++)
    await redis.say(
      ...['XADD', JOURNAL, '*', 'type', 'team.profile', 'subject', name],
      ...['data', `{"name":"${name}"}`],
    );
  const teams = async (): Promise<readonly string[]> =>
    Object.keys((await knownOf(pharos)).rows.teams ?? {});
  await vi.waitFor(async () => expect(await teams()).toContain(name), { timeout: 5_000 });
  await redis.kill();
  producer.start();
  await rm(data, { recursive: true });
  await cp(older, data, { recursive: true });
  await rm(older, { recursive: true });
  await redis.restart();
}

describe.concurrent('a site whose log is not whole', () => {
  let browser: Browser;
  const seed = seedFor('redis-gaps');
  beforeAll(async () => {
    browser = await openChromium();
  });
  afterAll(() => browser.close());

  it.each([
    ['[FLT-4] entries are gone', [trimmed, trimmedWhileStopped]],
    ['[FLT-4] entries are gone behind a frozen Redis', [trimmedWhileFrozen]],
    ['[FLT-5] the log is emptied', [flushed, restartedEmpty]],
    ['[FLT-5] ids go back', [wentBack, overtaken]],
  ] as const)(
    '%s: said, nothing is resolved, and exact after the sources have told anew',
    async (_, troubles) => {
      const stage = await openStage({ browser, name: `producer-${troubles.length}` });
      const chance = createChance(seed + troubles.length);
      try {
        for (const trouble of troubles)
          await tryTimes(stage, trouble, { times: times(1, trouble.promisedTimes), chance });
      } finally {
        await stage.close();
      }
    },
    LONG_MS,
  );
});
