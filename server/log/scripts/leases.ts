// Scripts of leases, and of what only their holder writes.
import { addAll, fence, script } from './script.ts';

/** KEYS: lease, journal. ARGV: token, entries. */
export const APPEND_FENCED = script(`${addAll}${fence}
return addAll(KEYS[2], 2)`);

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
