// Scripts of the way from a source's own stream into the journal.
import { addAll, fence, putAside, script } from './script.ts';

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
