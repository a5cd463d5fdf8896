// What must happen in Redis at one instant or not at all, as Lua.
import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Fields } from '../events/decode.ts';
import { LeaseLost } from './log.ts';

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
const fence = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return redis.error_reply('${FENCED} the lease is not ours')
end`;

/** Something else than Pharos wrote in the place of one of its keys would stop that work for ever; it is kept, under another name. */
const putAside = `
local function putAside(key, kind)
  local is = redis.call('TYPE', key).ok
  if is ~= kind and is ~= 'none' then redis.call('RENAME', key, key .. ':unreadable') end
end`;

/** Entries as words: for each, how many words follow, then names and values in turn. */
const addAll = `
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

/** KEYS: journal. ARGV: entries. */
export const APPEND = script(`${addAll}
return addAll(KEYS[1], 1)`);

/** KEYS: journal. ARGV: id. Redis' clock in whole milliseconds, or nothing where there is an entry after the id; after the last possible one XRANGE is refused, and nothing can be. */
export const QUIET_AT = script(`
local unread = redis.pcall('XRANGE', KEYS[1], '(' .. ARGV[1], '+', 'COUNT', 1)
if not unread.err and #unread > 0 then return false end
local now = redis.call('TIME')
return now[1] .. string.format('%03d', math.floor(now[2] / 1000))`);

/** KEYS: lease, journal. ARGV: token, entries. */
export const APPEND_FENCED = script(`${addAll}${fence}
return addAll(KEYS[2], 2)`);

/** KEYS: lease, journal, cursors. ARGV: token, source, from, to, entries. */
export const COPY = script(`${addAll}${fence}
local at = redis.call('HGET', KEYS[3], ARGV[2]) or '0-0 0'
if at ~= ARGV[3] then return 'moved' end
addAll(KEYS[2], 5)
redis.call('HSET', KEYS[3], ARGV[2], ARGV[4])
return 'copied'`);

/**
 * KEYS: lease, cursors. ARGV: token. Names and cursors in turn; what is no cursor is dropped.
 */
export const CURSORS = script(`${putAside}${fence}
putAside(KEYS[2], 'hash')
local said = redis.call('HGETALL', KEYS[2])
local sound = {}
for at = 1, #said, 2 do
  if string.match(said[at + 1], '^%d+%-%d+ %d+$') then
    sound[#sound + 1] = said[at]
    sound[#sound + 1] = said[at + 1]
  else
    redis.call('HDEL', KEYS[2], said[at])
  end
end
return sound`);

/** KEYS: lease, cursors. ARGV: token, source, where its cursor stands. */
export const FORGET = script(`${fence}
if redis.call('HGET', KEYS[2], ARGV[2]) == ARGV[3] then redis.call('HDEL', KEYS[2], ARGV[2]) end
return 1`);

/**
 * KEYS: lease, fence. ARGV: holder, milliseconds. The fencing number, or 0 where it is held. What somebody else put there and would
 * stand for ever, or for longer than any lease (a minute), ends as a lease does; a counter that does not count goes on from Redis' clock, which is past every number that it
 * gave.
 */
export const TAKE_LEASE = script(`
local left = redis.call('PTTL', KEYS[1])
if left == -1 or left > 60000 then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
if left ~= -2 then return 0 end
local number = redis.pcall('INCR', KEYS[2])
if type(number) == 'table' then
  number = tonumber(redis.call('TIME')[1]) * 1000
  redis.call('SET', KEYS[2], string.format('%.0f', number))
end
redis.call('SET', KEYS[1], string.format('%.0f', number) .. ':' .. ARGV[1], 'PX', ARGV[2])
return number`);

/** KEYS: lease. ARGV: token, milliseconds. */
export const RENEW_LEASE = script(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])`);

/** KEYS: lease. ARGV: token. */
export const RELEASE_LEASE = script(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])`);

/** KEYS: lease, newest, where the newest goes. ARGV: token, then the hash's fields and values. */
export const SHELVE = script(`${fence}
if redis.call('EXISTS', KEYS[2]) == 1 then redis.call('RENAME', KEYS[2], KEYS[3]) end
redis.call('HSET', KEYS[2], unpack(ARGV, 2))
return 1`);

/** KEYS: lease, day. ARGV: token, expiry in milliseconds since 1970, then fields and values. */
export const SAVE_INTERVALS = script(`${putAside}${fence}
putAside(KEYS[2], 'hash')
for at = 3, #ARGV, 2 do redis.call('HSET', KEYS[2], ARGV[at], ARGV[at + 1]) end
redis.call('PEXPIREAT', KEYS[2], ARGV[2])
return 1`);

/**
 * KEYS: refused, refusedUpTo. ARGV: how many are kept, for how many milliseconds, then for each its journal entry's id ('' for none)
 * and its words. Every server refuses what it reads in the journal; the first one to come writes it.
 */
export const REFUSE = script(`${putAside}
putAside(KEYS[1], 'stream')
putAside(KEYS[2], 'string')
local function after(a, b)
  local aMs, aSeq = string.match(a, '^(%d+)-(%d+)$')
  local bMs, bSeq = string.match(b, '^(%d+)-(%d+)$')
  if not aMs then return false end
  if not bMs then return true end
  if #aMs ~= #bMs then return #aMs > #bMs end
  if aMs ~= bMs then return aMs > bMs end
  if #aSeq ~= #bSeq then return #aSeq > #bSeq end
  return aSeq > bSeq
end
local upTo = redis.call('GET', KEYS[2]) or ''
local last = upTo
local at = 3
while at <= #ARGV do
  local entry, words = ARGV[at], tonumber(ARGV[at + 1])
  if entry == '' or after(entry, upTo) then
    redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[1], '*', unpack(ARGV, at + 2, at + 1 + words))
    if entry ~= '' then last = entry end
  end
  at = at + 2 + words
end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
if last ~= '' then redis.call('SET', KEYS[2], last, 'PX', 172800000) end
return 1`);

/**
 * Episodes, of which Redis keeps the revision and the last entry, as `REVISION WORDS`. KEYS: journal, episodes, open, ended.
 * ARGV: episode, key, revision, 1 if open, milliseconds that an ended one is remembered, then what the script is about.
 * The journal comes first in each step that writes: what can refuse (a full memory, a spoiled stream) refuses before anything is written.
 */
const episodes = `
local episode, key = ARGV[1], ARGV[2]
local open = redis.call('HGET', KEYS[3], key)
redis.call('ZCARD', KEYS[4])
local function revisionOf(id)
  local said = redis.call('HGET', KEYS[2], id)
  return said and tonumber(string.match(said, '^%d+')) or 0
end
local function retell(id)
  local said = redis.call('HGET', KEYS[2], id)
  if said then redis.call('XADD', KEYS[1], '*', unpack(cjson.decode(string.match(said, ' (.*)$')))) end
end
local function tell(at)
  local words = { unpack(ARGV, at + 1, at + tonumber(ARGV[at])) }
  redis.call('XADD', KEYS[1], '*', unpack(words))
  redis.call('HSET', KEYS[2], episode, ARGV[3] .. ' ' .. cjson.encode(words))
  if ARGV[4] == '1' then
    if not open then redis.call('HSET', KEYS[3], key, episode) end
    redis.call('ZREM', KEYS[4], episode)
    return
  end
  if open == episode then redis.call('HDEL', KEYS[3], key) end
  local time = redis.call('TIME')
  local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
  redis.call('ZADD', KEYS[4], now, episode)
  for _, old in ipairs(redis.call('ZRANGEBYSCORE', KEYS[4], '-inf', now - tonumber(ARGV[5]), 'LIMIT', 0, 10)) do
    redis.call('HDEL', KEYS[2], old)
    redis.call('ZREM', KEYS[4], old)
  end
end`;

/**
 * KEYS: as `episodes`, outbox, due. ARGV: as `episodes`, the revision that was seen, number of notices, for each id, due and text, then
 * the entry. 1: taken; 0: the proposal saw something old.
 */
export const DECIDE = script(`${episodes}
if revisionOf(episode) ~= tonumber(ARGV[6]) then return 0 end
if ARGV[4] == '1' and open and open ~= episode then return 0 end
redis.call('HLEN', KEYS[5])
redis.call('ZCARD', KEYS[6])
local at = 8
local entry = at + 3 * tonumber(ARGV[7])
tell(entry)
while at < entry do
  if redis.call('HSETNX', KEYS[5], ARGV[at], ARGV[at + 2]) == 1 then
    redis.call('ZADD', KEYS[6], ARGV[at + 1], ARGV[at])
  end
  at = at + 3
end
return 1`);

/** KEYS: as `episodes`. ARGV: as `episodes`, then the entry, if there is one. 0: the same; 1: written; 2: said once again. */
export const RECONCILE = script(`${episodes}
local held, kept = tonumber(ARGV[3]), revisionOf(episode)
if open and open ~= episode and (held == 0 or ARGV[4] == '1') then retell(open) end
if kept > held then
  retell(episode)
  return 2
end
if kept == held or #ARGV < 6 then return 0 end
tell(6)
return 1`);

/** KEYS: stream. ARGV: an id, how many are counted at most. As `EXTENTS` for one, and how many entries are after the id. */
export const EXTENT_AFTER = script(`
if redis.call('EXISTS', KEYS[1]) == 0 then return { '', '0-0', 0, 0, 0 } end
local is = {}
local said = redis.call('XINFO', 'STREAM', KEYS[1])
for at = 1, #said, 2 do is[said[at]] = said[at + 1] end
local first = is.length == 0 and '' or is['recorded-first-entry-id']
local after = #redis.call('XRANGE', KEYS[1], '(' .. ARGV[1], '+', 'COUNT', ARGV[2])
return { first, is['last-generated-id'], is.length, is['entries-added'], after }`);

/** KEYS: streams. For each its first id, last id, length and entries added; without their entries, which may be large. */
export const EXTENTS = script(`
local out = {}
for _, key in ipairs(KEYS) do
  local is = { ['last-generated-id'] = '0-0', length = 0, ['entries-added'] = 0 }
  if redis.call('EXISTS', key) == 1 then
    local said = redis.call('XINFO', 'STREAM', key)
    for at = 1, #said, 2 do is[said[at]] = said[at + 1] end
  end
  out[#out + 1] = is.length == 0 and '' or is['recorded-first-entry-id']
  out[#out + 1] = is['last-generated-id']
  out[#out + 1] = is.length
  out[#out + 1] = is['entries-added']
end
return out`);
