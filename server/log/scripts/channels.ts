// Scripts of channels and secrets: hashes that servers share.
import { putAside, script } from './script.ts';

const channels = `${putAside}
putAside(KEYS[1], 'hash')
putAside(KEYS[2], 'hash')
putAside(KEYS[3], 'string')
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local function put(lane, text, at)
  if text then redis.call('HSET', KEYS[1], lane, text) else redis.call('HDEL', KEYS[1], lane) end
  redis.call('HSET', KEYS[2], lane, string.format('%.0f', at))
  redis.call('SET', KEYS[3], time[1] .. '.' .. time[2])
end`;

/** KEYS: channels, when each was changed, channelsAt. ARGV: milliseconds for which what was taken away is known, lane, its text or nothing. */
export const PUT_CHANNEL = script(`${channels}
local lane, text = ARGV[2], ARGV[3]
-- Later than the last change, whatever the clock says.
put(lane, text, math.max(now, (tonumber(redis.call('HGET', KEYS[2], lane) or '') or 0) + 1))
if text then return 1 end
local all = redis.call('HGETALL', KEYS[2])
for at = 1, #all, 2 do
  local isOld = (tonumber(all[at + 1]) or 0) < now - 1000 * tonumber(ARGV[1])
  if isOld and redis.call('HEXISTS', KEYS[1], all[at]) == 0 then redis.call('HDEL', KEYS[2], all[at]) end
end
return 1`);

/** KEYS: as PUT_CHANNEL. ARGV: for each lane its name, when it was changed, 1 if it is there, its text or nothing. */
export const GIVE_BACK_CHANNELS = script(`${channels}
for at = 1, #ARGV, 4 do
  local lane, changed, isHeld = ARGV[at], tonumber(ARGV[at + 1]), ARGV[at + 2] == '1'
  local isThere = redis.call('HEXISTS', KEYS[1], lane) == 1
  local known = tonumber(redis.call('HGET', KEYS[2], lane) or '') or isThere and 0 or -1
  local isLost = isHeld and not isThere and changed == known
  if isLost or changed > known and (isHeld or isThere) then put(lane, isHeld and ARGV[at + 3] or nil, changed) end
end
return 1`);

/** KEYS: channels, when each was changed. Both, as names and values. Only looks: what is something else is put aside when a channel is next written. */
export const CHANNELS = script(`
local function all(key) return redis.call('TYPE', key).ok == 'hash' and redis.call('HGETALL', key) or {} end
return { all(KEYS[1]), all(KEYS[2]) }`);

/** KEYS: secrets. ARGV: name, what it is to be where there is none. */
export const SECRET = script(`${putAside}
putAside(KEYS[1], 'hash')
redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2])
return redis.call('HGET', KEYS[1], ARGV[1])`);
