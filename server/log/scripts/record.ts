// Scripts of what is kept beside the journal: snapshots, intervals, refusals.
import { fence, putAside, script } from './script.ts';

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
