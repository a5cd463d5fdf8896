// Two servers on one Redis, their clocks 2 s apart, each killed and frozen while it holds the leases: every number is as with one.
import { execFileSync } from 'node:child_process';
import { Redis } from 'ioredis';
import { afterEach, describe, expect, it } from 'vitest';
import { encode } from '../../server/events/encode.ts';
import { compareIds } from '../../server/log/continuity.ts';
import { seedFor } from '../support/chance.ts';
import type { Pharos } from '../support/pharos.ts';
import { startRedis } from '../support/redis-server.ts';
import { differences, JOURNAL, knownOf, markEnd, startSite, untilFolded } from './arena.ts';
import { PROFILES } from './calls.ts';
import { copiedAndSaid, missingIn } from './journal-check.ts';
import { clockOff, HASTY, preloading } from './preload.ts';
import { startProducers } from './producers.ts';
import { record } from './record.ts';
import {
  differencesFrom,
  entriesOf,
  miscounted,
  openReference,
  openScreen,
  rowsOf,
  withoutRepeats,
} from './reference.ts';
import type { Reference } from './reference.ts';
import { times } from './scale.ts';

const APART_MS = 2_000;
const PER_SECOND = 200;
const PATIENCE_MS = 30_000;
const QUARTER_MS = 900_000;
const LEASES = ['snapshot', 'copier'] as const;
/** What everybody who is signed in sees, under the ids that it has in the log. */
const BOARD = 'floor';

const closings: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closings.reverse().splice(0)) await close();
});

describe('two servers', () => {
  it('[FLT-40] have clocks that are 2 s apart, and run as fast as they should', () => {
    const nowOf = (environment: Readonly<Record<string, string>>): number =>
      Number(execFileSync(process.execPath, ['-p', 'Date.now()'], { env: environment }));
    const before = Date.now();
    const off = nowOf(preloading(HASTY, clockOff(APART_MS)));
    expect(off - before).toBeGreaterThanOrEqual(APART_MS);
    const right = nowOf(preloading(HASTY));
    expect(right).toBeGreaterThanOrEqual(off - APART_MS);
    expect(right).toBeLessThanOrEqual(Date.now());
  });

  it('[FLT-40] [FLT-41] [FLT-42] [FLT-43] say what one says, whoever is killed or frozen with the leases', async () => {
    const seed = seedFor('two servers');
    const server = await startRedis();
    const redis = new Redis(server.url);
    closings.push(async () => {
      redis.disconnect();
      await server.close();
    });
    for (const profile of PROFILES)
      await redis.xadd(JOURNAL, '*', ...Object.entries(encode(profile)).flat());
    const one = await startSite(server.url, preloading(HASTY));
    closings.push(() => one.close());
    const other = await startSite(server.url, preloading(HASTY, clockOff(APART_MS)));
    closings.push(() => other.close());
    const screens = [one, other].map((pharos) => openScreen(pharos, BOARD));
    closings.push(() => screens.forEach((screen) => screen.close()));
    const newest = watchNewest(redis);
    closings.push(() => newest.close());
    const producers = startProducers({
      redisUrl: server.url,
      urls: [one.url, other.url],
      seed,
      run: 0,
      perSecond: PER_SECOND,
    });

    const rounds = times(1, 10);
    const tookOver: number[] = [];
    for (let round = 0; round < rounds; round += 1)
      // The first holds the leases at the beginning of a round, and again at its end.
      for (const fault of [frozen(one), killed(other, redis), killed(one, redis), frozen(other)])
        tookOver.push(await handOver(redis, fault));

    await producers.stop();
    await markEnd(server, 'the-end');
    for (const pharos of [one, other]) await untilFolded(pharos, 'the-end');
    const journal = await entriesOf(redis);
    expect(missingIn(journal, producers.acknowledged)).toEqual([]);
    const { copied, said } = await copiedAndSaid(redis, journal);
    expect(copied, 'the stream of a producer, in the journal').toEqual(said);
    expect(newest.wentBack, 'snapshots that are older than the one before').toEqual([]);

    const once = withoutRepeats(journal);
    const reference = await openReference(once, 'the-end', preloading(HASTY));
    closings.push(() => reference.close());
    const found = { lost: 0, twice: 0 };
    for (const [index, pharos] of [one, other].entries()) {
      const off = await differencesFrom(reference, pharos);
      expect(off.slice(0, 20), `the ${index + 1}. floor, and that of an undisturbed run`).toEqual(
        [],
      );
      const counted = await miscounted(reference, pharos);
      found.lost += counted.lost;
      found.twice += counted.twice;
    }
    await expect
      .poll(() => storedDifferences(redis, reference), { timeout: PATIENCE_MS })
      .toEqual([]);
    const shown = (): readonly string[] =>
      differences(rowsOf(screens[0]!), rowsOf(screens[1]!)).slice(0, 20);
    await expect.poll(shown, { timeout: PATIENCE_MS }).toEqual([]);
    const known = await knownOf(one);
    expect(Object.keys(rowsOf(screens[0]!).agents ?? {})).toHaveLength(
      Object.keys(known.rows.agents ?? {}).length,
    );
    record({
      fault: 'two servers, clocks 2 s apart, the holder of the leases killed or frozen',
      times: tookOver.length,
      noticedMs: [],
      backMs: tookOver,
      lost: found.lost,
      twice: found.twice,
      says: `back: the other has the leases; ${journal.length} entries, ${journal.length - once.length} of them repeats; ${newest.seen} snapshots, none older than the one before`,
    });
  }, 900_000);
});

interface Fault {
  begin(): Promise<void> | void;
  end(): Promise<void> | void;
}

function frozen(pharos: Pharos): Fault {
  return { begin: () => pharos.freeze(), end: () => pharos.thaw() };
}

function killed(pharos: Pharos, redis: Redis): Fault {
  return {
    async begin() {
      await pharos.kill();
      // As five seconds would: nobody is there to renew them.
      await redis.del(LEASES.map(leaseKey));
    },
    end: () => pharos.start(),
  };
}

/** Lasts until somebody else has all leases; gives how long that took, in milliseconds. */
async function handOver(redis: Redis, fault: Fault): Promise<number> {
  const holder = (): Promise<readonly (string | null)[]> =>
    redis.mget(LEASES.map(leaseKey)).then((all) => all.map((text) => text?.split(':')[1] ?? null));
  await expect.poll(async () => new Set(await holder()).size, { timeout: PATIENCE_MS }).toBe(1);
  const [was] = await holder();
  expect(was).not.toBeNull();
  const began = performance.now();
  await fault.begin();
  const isTaken = async (): Promise<boolean> =>
    (await holder()).every((name) => name !== null && name !== was);
  await expect.poll(isTaken, { timeout: PATIENCE_MS, interval: 20 }).toBe(true);
  const tookMs = performance.now() - began;
  await fault.end();
  return tookMs;
}

function leaseKey(name: string): string {
  return `pharos:{main}:lease:${name}`;
}

/** Looks at the position of the newest snapshot again and again. */
function watchNewest(redis: Redis): {
  readonly wentBack: readonly string[];
  readonly seen: number;
  close(): void;
} {
  const wentBack: string[] = [];
  let last = '0-0';
  let seen = 0;
  const timer = setInterval(() => {
    void redis.hget('pharos:{main}:snapshot:newest', 'id').then((id) => {
      if (id === null || id === last) return;
      seen += 1;
      if (compareIds(id, last) < 0) wentBack.push(`${id} after ${last}`);
      last = id;
    });
  }, 20);
  return {
    wentBack,
    get seen() {
      return seen;
    },
    close: () => clearInterval(timer),
  };
}

/** Where the closed intervals that are kept differ from those that an undisturbed server keeps. */
async function storedDifferences(redis: Redis, reference: Reference): Promise<readonly string[]> {
  const closedBefore = Date.now() - QUARTER_MS;
  const [is, should] = await Promise.all(
    [redis, reference.redis].map(async (from) => {
      const days = (await from.keys('pharos:{main}:intervals:*')).sort();
      const fields = await Promise.all(days.map((day) => from.hgetall(day)));
      const all = fields.flatMap((day) => Object.entries(day));
      const closed = all.filter(([field]) => Number(field.split(' ').at(-1)) < closedBefore);
      return Object.fromEntries(
        closed.map(([field, text]) => [field, JSON.parse(text) as unknown]),
      );
    }),
  );
  expect(Object.keys(should ?? {}).length).toBeGreaterThan(0);
  return differences(is, should).slice(0, 20);
}
