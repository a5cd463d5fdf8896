// The shelves in Redis: a hash each, and a stream for the trail. What is something else in their place is put aside at the next write.
import type { Redis } from 'ioredis';
import { keysOf } from './keys.ts';
import type { RedisLink } from './redis-link.ts';
import { CLAIM_ON_SHELF, NOTE_ON_TRAIL, PUT_ON_SHELF, SWAP_ON_SHELF } from './scripts/shelves.ts';
import { runScript } from './scripts/script.ts';
import { TRAIL_MOST } from './shelves.ts';
import type { Shelf, Shelves, Trail } from './shelves.ts';

type Link = Pick<RedisLink, 'run'>;

export function redisShelves(site: string, link: Link): Shelves {
  const keys = keysOf(site);
  return {
    shelf: (name) => redisShelf(keys.shelf(name), link),
    trail: redisTrail(keys.trail, link),
  };
}

function redisShelf(key: string, link: Link): Shelf {
  const isThere = async (redis: Redis): Promise<boolean> => (await redis.type(key)) === 'hash';
  return {
    read: (id) => link.run(async (redis) => ((await isThere(redis)) ? redis.hget(key, id) : null)),
    all: () =>
      link.run(async (redis) =>
        (await isThere(redis)) ? new Map(Object.entries(await redis.hgetall(key))) : new Map(),
      ),
    put: (id, text) =>
      link.run(async (redis) => {
        await runScript(redis, PUT_ON_SHELF, [key], [id, text]);
      }),
    claim: (id, text) =>
      link.run(async (redis) => (await runScript(redis, CLAIM_ON_SHELF, [key], [id, text])) === 1),
    swap: (id, before, text) =>
      link.run(
        async (redis) => (await runScript(redis, SWAP_ON_SHELF, [key], [id, before, text])) === 1,
      ),
    drop: (id) =>
      link.run(async (redis) => (await isThere(redis)) && (await redis.hdel(key, id)) === 1),
  };
}

function redisTrail(key: string, link: Link): Trail {
  return {
    note: (text) =>
      link.run(async (redis) => {
        await runScript(redis, NOTE_ON_TRAIL, [key], [TRAIL_MOST, text]);
      }),
    read: (count, before) =>
      link.run(async (redis) => {
        if ((await redis.type(key)) !== 'stream') return [];
        const end = before === null ? '+' : `(${before}`;
        const entries = await redis.xrevrange(key, end, '-', 'COUNT', count);
        return entries.map(([id, words]) => ({ id, text: words[1] ?? '' }));
      }),
  };
}
