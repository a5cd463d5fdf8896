// A Lua script and how it is run: what must happen in Redis at one instant or not at all. And the pieces that scripts are made of.
import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Fields } from '../../events/decode.ts';
import { LeaseLost } from '../log.ts';

interface Script {
  readonly lua: string;
  readonly sha1: string;
}

export function script(lua: string): Script {
  return { lua, sha1: createHash('sha1').update(lua).digest('hex') };
}

/** Runs by its hash, and by its text where Redis does not have it (a new one, or one that was emptied). */
export async function runScript(
  redis: Redis,
  { lua, sha1 }: Script,
  keys: readonly string[],
  words: readonly (string | number | Buffer)[],
): Promise<unknown> {
  try {
    return await redis.evalsha(sha1, keys.length, ...keys, ...words);
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
    return await redis.eval(lua, keys.length, ...keys, ...words);
  }
}

const FENCED = 'FENCED';

/** As `runScript`, for scripts that compare a lease first. */
export async function runFenced(
  redis: Redis,
  lease: string,
  run: (redis: Redis) => Promise<unknown>,
): Promise<unknown> {
  try {
    return await run(redis);
  } catch (error) {
    if (error instanceof Error && error.message.startsWith(FENCED)) throw new LeaseLost(lease);
    throw error;
  }
}

/** KEYS[1] is the lease and ARGV[1] its token, in every fenced script. */
export const fence = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return redis.error_reply('${FENCED} the lease is not ours')
end`;

/** Something else than Pharos wrote in the place of one of its keys would stop that work for ever; it is kept, under another name. */
export const putAside = `
local function putAside(key, kind)
  local is = redis.call('TYPE', key).ok
  if is ~= kind and is ~= 'none' then redis.call('RENAME', key, key .. ':unreadable') end
end`;

/** Entries as words: for each, how many words follow, then names and values in turn. */
export const addAll = `
local function addAll(journal, at)
  local ids = {}
  while at <= #ARGV do
    local words = tonumber(ARGV[at])
    ids[#ids + 1] = redis.call('XADD', journal, '*', unpack(ARGV, at + 1, at + words))
    at = at + words + 1
  end
  return ids
end`;

/** For `addAll`. */
export function wordsOf(entries: readonly Fields[]): string[] {
  const words: string[] = [];
  for (const fields of entries) {
    const pairs = Object.entries(fields);
    words.push(String(pairs.length * 2));
    for (const [name, value] of pairs) words.push(name, value);
  }
  return words;
}
