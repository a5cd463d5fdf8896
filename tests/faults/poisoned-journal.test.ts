// An entry from the future in the journal itself: every screen says since when nothing can be believed, and the README's cure cures it.
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Pharos } from '../support/pharos.ts';
import { startRedis } from '../support/redis-server.ts';
import type { RedisServer } from '../support/redis-server.ts';
import { JOURNAL, knownOf, startSite, TOKEN } from './arena.ts';
import { openScreen } from './screen.ts';
import type { Screen } from './screen.ts';

const AN_HOUR_MS = 3_600_000;
/** Milliseconds that a screen has for what it must say. */
const SAID_MS = 10_000;
const GAP_MS = 20_000;

let redis: RedisServer;
let hand: Redis;
let pharos: Pharos;
const screens: Screen[] = [];

beforeAll(async () => {
  redis = await startRedis();
  hand = new Redis(redis.url);
  pharos = await startSite(redis.url);
});
afterAll(async () => {
  for (const screen of screens) screen.close();
  hand.disconnect();
  await pharos.close();
  await redis.close();
});

function look(): Screen {
  const screen = openScreen(pharos.url, TOKEN);
  screens.push(screen);
  return screen;
}

async function queued(contact: string, id = '*'): Promise<void> {
  const words = ['type', 'contact.queued', 'subject', contact, 'source', 'crm'];
  await hand.xadd(JOURNAL, id, ...words, 'data', '{"queue":"sales"}');
}

/** Since when a screen says that the journal is poisoned. */
async function poisonedSince(screen: Screen): Promise<number> {
  const limit = { from: performance.now(), withinMs: SAID_MS };
  const { health } = await screen.untilSaid(
    (is) => is.kind === 'log' && is.state === 'poisoned',
    limit,
  );
  return health.kind === 'log' ? health.asOf : Number.NaN;
}

const waiting = async (): Promise<number | undefined> =>
  (await knownOf(pharos)).rows.queues?.sales?.waiting;

it(
  '[FLT-10] says since when it is not live, to screens that come later too, and is live again once its journal is mended',
  { timeout: 120_000 },
  async () => {
    const screen = look();
    await screen.untilLive({ from: performance.now(), withinMs: SAID_MS });
    await queued('c1');
    await expect.poll(waiting).toBe(1);
    const poisonedAt = Date.now();
    await queued('c2', `${poisonedAt + AN_HOUR_MS}-0`);
    const since = await poisonedSince(screen);
    expect(since).toBeLessThan(poisonedAt + 2_000);
    await screen.hearTicks(3);
    expect(await poisonedSince(look())).toBe(since);

    await hand.xtrim(JOURNAL, 'MAXLEN', 0);
    await hand.call('XSETID', JOURNAL, `${Date.now()}-0`);
    const from = performance.now();
    await screen.untilSaid((is) => is.kind === 'log' && is.state === 'gap', {
      ...{ from, withinMs: SAID_MS },
    });
    // It never tells all that is true, so nobody knows whether its callers still wait.
    await expect
      .poll(async () => (await knownOf(pharos)).rows.sources?.crm?.fault, { timeout: SAID_MS })
      .toBe('trimmed');
    await screen.untilLive({ from: performance.now(), withinMs: GAP_MS });
    expect(await waiting()).toBe(2);
    await queued('c3');
    await expect.poll(waiting).toBe(3);
  },
);
