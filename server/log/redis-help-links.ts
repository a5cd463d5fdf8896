// The personal links of `/help` in Redis: one hash of the site, by the hash of each token.
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { HelpLink } from '../contract/help.ts';
import { keysOf } from './keys.ts';
import type { RedisLink } from './redis-link.ts';
import { PUT_HELP_LINK } from './scripts/channels.ts';
import { runScript } from './scripts/script.ts';

const kept = z.object({ agent: z.string(), madeAt: z.number(), by: z.string() });

/** By the hash of their token. All of these reject with `LogTrouble` where Redis fails. */
export interface KeptHelpLinks {
  find(hash: string): Promise<HelpLink | null>;
  all(): Promise<ReadonlyMap<string, HelpLink>>;
  put(hash: string, link: HelpLink): Promise<void>;
  drop(hashes: readonly string[]): Promise<void>;
}

export function redisHelpLinks(site: string, link: Pick<RedisLink, 'run'>): KeptHelpLinks {
  const key = keysOf(site).helpLinks;
  /** Something else in its place is put aside when a link is next made. */
  const isThere = async (redis: Redis): Promise<boolean> => (await redis.type(key)) === 'hash';
  return {
    find: (hash) =>
      link.run(async (redis) => {
        if (!(await isThere(redis))) return null;
        const text = await redis.hget(key, hash);
        return text === null ? null : read(text);
      }),
    all: () =>
      link.run(async (redis) => {
        const links = new Map<string, HelpLink>();
        if (!(await isThere(redis))) return links;
        for (const [hash, text] of Object.entries(await redis.hgetall(key))) {
          const found = read(text);
          if (found !== null) links.set(hash, found);
        }
        return links;
      }),
    put: (hash, said) =>
      link.run(async (redis) => {
        await runScript(redis, PUT_HELP_LINK, [key], [hash, JSON.stringify(said)]);
      }),
    drop: (hashes) =>
      link.run(async (redis) => {
        if (hashes.length > 0 && (await isThere(redis))) await redis.hdel(key, ...hashes);
      }),
  };
}

/** What somebody else wrote there is no link. */
function read(text: string): HelpLink | null {
  try {
    return kept.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
