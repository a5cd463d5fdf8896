// Scripts of episodes: a proposal is compared and becomes true, and what Redis and a floor hold is brought together.
import { outbox } from './outbox-pieces.ts';
import { putAside, script } from './script.ts';

/**
 * Episodes, of which Redis keeps the revision and the last entry, as `REVISION WORDS`. KEYS: journal, episodes, open, ended.
 * ARGV: episode, key, revision, 1 if open, milliseconds that an ended one is remembered, then what the script is about.
 * The journal comes first in each step that writes: what can refuse (a full memory, a spoiled stream) refuses before anything is written.
 */
const episodes = `${putAside}
putAside(KEYS[2], 'hash')
putAside(KEYS[3], 'hash')
putAside(KEYS[4], 'zset')
local episode, key = ARGV[1], ARGV[2]
local function kept(id)
  local revision, said = string.match(redis.call('HGET', KEYS[2], id) or '', '^(%d+) (.*)$')
  local isRead, words = pcall(cjson.decode, said or '')
  if not isRead or type(words) ~= 'table' or #words == 0 or #words % 2 ~= 0 then return 0 end
  for _, word in ipairs(words) do if type(word) ~= 'string' then return 0 end end
  return tonumber(revision), words
end
local function revisionOf(id) return (kept(id)) end
local open = redis.call('HGET', KEYS[3], key)
if open and open ~= episode and revisionOf(open) == 0 then open = false end
local function retell(id)
  local _, words = kept(id)
  if words then redis.call('XADD', KEYS[1], '*', unpack(words)) end
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
 * KEYS: as `episodes`, the outbox. ARGV: as `episodes`, the revision that was seen, number of notices, for each id, lane, due and text,
 * number of those that are taken back, their ids, then the entry. 1: taken; 0: the proposal saw something old.
 */
export const DECIDE = script(`${episodes}
if revisionOf(episode) ~= tonumber(ARGV[6]) then return 0 end
if ARGV[4] == '1' and open and open ~= episode then return 0 end
local back = 8 + 4 * tonumber(ARGV[7])
tell(back + 1 + tonumber(ARGV[back]))
${outbox(5)}
for at = 8, back - 1, 4 do add(ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3]) end
for at = back + 1, back + tonumber(ARGV[back]) do withdraw(ARGV[at]) end
return 1`);

/**
 * KEYS: as `episodes`, the outbox. ARGV: as `episodes`, number of notices, for each id, lane, due and text, number of lanes where it was told,
 * for each `LANE\\nEPISODE`, then the entry, if there is one. 0: the same; 1: written; 2: said once again.
 */
export const RECONCILE = script(`${episodes}
local held, kept = tonumber(ARGV[3]), revisionOf(episode)
if open and open ~= episode and (held == 0 or ARGV[4] == '1') then retell(open) end
if kept > held then
  retell(episode)
  return 2
end
local back = 7 + 4 * tonumber(ARGV[6])
local entryAt = back + 1 + tonumber(ARGV[back])
if kept == held or entryAt > #ARGV then return 0 end
tell(entryAt)
${outbox(5)}
for at = 7, back - 1, 4 do add(ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3]) end
for at = back + 1, entryAt - 1 do redis.call('ZADD', toldAt, nowMs(), ARGV[at]) end
return 1`);
