// A backlog is read packed: what comes out is what an ordinary read gives, of whatever bytes.
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { keysOf } from '../../server/log/keys.ts';
import { systemClock } from '../../server/clock.ts';
import { untilAnswering } from '../../server/log/answering.ts';
import type { Entry } from '../../server/log/log.ts';
import { openRedisStore } from '../../server/log/redis-store.ts';
import type { Store } from '../../server/log/store.ts';
import { createChance, seedFor } from '../support/chance.ts';
import { startRedis } from '../support/redis-server.ts';
import type { RedisServer } from '../support/redis-server.ts';

const KEY = keysOf('main').journal;
let server: RedisServer;
let redis: Redis;
let store: Store;

beforeAll(async () => {
  server = await startRedis();
  redis = new Redis(server.url);
  store = openRedisStore({ url: server.url, site: 'main' });
  await untilAnswering(store, { clock: systemClock, withinMs: 5_000 });
});

afterAll(async () => {
  redis.disconnect();
  await store.close();
  await server.close();
});

/** The same entries, read at once and read by one that would have waited. */
async function bothReads(): Promise<{
  readonly packed: readonly Entry[];
  readonly plain: readonly Entry[];
}> {
  const packed = await store.read('0-0', { count: 1_000, blockMs: 0 });
  return { packed, plain: await store.read('0-0', { count: 1_000, blockMs: 1_000 }) };
}

it('[LOG-19] gives the same entries by a read that does not wait, of whatever bytes', async () => {
  const chance = createChance(seedFor('packed bytes'));
  const bytes = (most: number): Buffer =>
    Buffer.from(Array.from({ length: chance.below(most) }, () => chance.below(256)));
  for (let n = 0; n < 300; n++)
    await redis.xadd(KEY, '*', 'type', bytes(20), 'subject', bytes(5), bytes(9), bytes(200));
  for (const text of [
    '',
    '"',
    '\\',
    '\u0000',
    '\u007f',
    '\u2028',
    '/',
    '\ud83d\ude00',
    '{"a":"\\u0000"}',
  ])
    await redis.xadd(KEY, '*', 'type', text, text, text);
  // The first bytes of a letter that never ends, before the end of the text.
  await redis.xadd(
    KEY,
    '*',
    'type',
    Buffer.from([0x61, 0xe2, 0x82]),
    'data',
    Buffer.from([0xf0, 0x9f]),
  );
  const { packed, plain } = await bothReads();
  expect(plain).toHaveLength(310);
  expect(packed).toEqual(plain);
});

it('[LOG-19] gives the same entries where they are large', async () => {
  await redis.del(KEY);
  const large = 'é'.repeat(300_000);
  for (let n = 0; n < 5; n++) await redis.xadd(KEY, '*', 'type', 'contact.tagged', 'data', large);
  const { packed, plain } = await bothReads();
  expect(plain.map(({ fields }) => fields.data?.length)).toEqual(Array(5).fill(300_000));
  expect(packed).toEqual(plain);
});
