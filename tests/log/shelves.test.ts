// Shelves and the trail: one suite, in memory and in Redis.
import { once } from 'node:events';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keysOf } from '../../server/log/keys.ts';
import { memoryShelves } from '../../server/log/memory-shelves.ts';
import { openLink } from '../../server/log/redis-link.ts';
import type { RedisLink } from '../../server/log/redis-link.ts';
import { redisShelves } from '../../server/log/redis-shelves.ts';
import { SHELVES } from '../../server/log/shelves.ts';
import type { Shelves } from '../../server/log/shelves.ts';
import { startRedis } from '../support/redis-server.ts';
import type { RedisServer } from '../support/redis-server.ts';

let server: RedisServer;
let raw: Redis;
let link: RedisLink;
beforeAll(async () => {
  server = await startRedis();
  raw = new Redis(server.url);
  link = openLink({ url: server.url, name: 'test', socketTimeoutMs: 3_000 });
  await once(link.redis, 'ready');
});
afterAll(async () => {
  raw.disconnect();
  link.close();
  await server.close();
});

let sites = 0;
const KINDS: readonly (readonly [string, () => Shelves])[] = [
  ['in memory', () => memoryShelves()],
  ['in Redis', () => redisShelves(`site-${++sites}`, link)],
];

describe.each(KINDS)('shelves %s', (_kind, open) => {
  it('[ACC-1] give back what was put there, and are apart from each other', async () => {
    const shelves = open();
    for (const name of SHELVES) {
      const shelf = shelves.shelf(name);
      expect([await shelf.read('a'), (await shelf.all()).size]).toEqual([null, 0]);
      await shelf.put('a', `${name} 1`);
      await shelf.put('a', `${name} 2`);
      await shelf.put('__proto__', '');
    }
    for (const name of SHELVES) {
      const shelf = shelves.shelf(name);
      expect(await shelf.read('a')).toBe(`${name} 2`);
      expect([...(await shelf.all())].sort()).toEqual([
        ['__proto__', ''],
        ['a', `${name} 2`],
      ]);
    }
  });

  it('[ACC-1] claim, swap and drop for one caller only', async () => {
    const shelf = open().shelf('logins');
    expect([await shelf.swap('a', '', 'x'), await shelf.read('a')]).toEqual([false, null]);
    const claims = await Promise.all(['1', '2', '3'].map((text) => shelf.claim('a', text)));
    expect(claims.filter(Boolean)).toHaveLength(1);
    expect(await shelf.read('a')).toBe(String(claims.indexOf(true) + 1));
    expect(await shelf.swap('a', 'something else', 'y')).toBe(false);
    const has = (await shelf.read('a')) ?? '';
    const swaps = await Promise.all(['5', '6', '7'].map((text) => shelf.swap('a', has, text)));
    expect(swaps.filter(Boolean)).toHaveLength(1);
    expect(await shelf.read('a')).toBe(String(swaps.indexOf(true) + 5));
    const drops = await Promise.all([shelf.drop('a'), shelf.drop('a'), shelf.drop('a')]);
    expect(drops.filter(Boolean)).toHaveLength(1);
    expect(await shelf.drop('a')).toBe(false);
    expect(await shelf.swap('a', '6', 'z')).toBe(false);
    expect(await shelf.claim('a', 'again')).toBe(true);
  });

  it('[ACC-1] read the trail newest first, and on from any line', async () => {
    const { trail } = open();
    expect(await trail.read(10, null)).toEqual([]);
    for (let n = 1; n <= 7; n += 1) await trail.note(`line ${n}`);
    const first = await trail.read(3, null);
    expect(first.map(({ text }) => text)).toEqual(['line 7', 'line 6', 'line 5']);
    const next = await trail.read(10, first[2]?.id ?? null);
    expect(next.map(({ text }) => text)).toEqual(['line 4', 'line 3', 'line 2', 'line 1']);
    expect(await trail.read(10, next[3]?.id ?? null)).toEqual([]);
  });
});

describe('shelves in Redis', () => {
  it('[ACC-1] put aside at a write what stands in their place, and read it as nothing', async () => {
    const site = `site-${++sites}`;
    const keys = keysOf(site);
    const shelves = redisShelves(site, link);
    const { trail } = shelves;
    const sessions = shelves.shelf('sessions');
    for (const spoil of [
      () => raw.set(keys.shelf('sessions'), 'x'),
      () => raw.sadd(keys.shelf('sessions'), 'x'),
    ]) {
      await spoil();
      expect([await sessions.read('a'), (await sessions.all()).size]).toEqual([null, 0]);
      expect([await sessions.swap('a', '', 'x'), await sessions.drop('a')]).toEqual([false, false]);
      await sessions.put('a', 'b');
      expect(await sessions.read('a')).toBe('b');
      await raw.del(keys.shelf('sessions'));
    }
    expect(await raw.smembers(`${keys.shelf('sessions')}:unreadable`)).toEqual(['x']);
    await raw.set(keys.trail, 'x');
    expect(await trail.read(10, null)).toEqual([]);
    await trail.note('a line');
    expect((await trail.read(10, null)).map(({ text }) => text)).toEqual(['a line']);
  });
});
