// Scripts of channels, help links and secrets: hashes that servers share.
import { putAside, script } from './script.ts';

/** KEYS: channels, channelsAt. ARGV: lane, its text or nothing. */
export const PUT_CHANNEL = script(`${putAside}
putAside(KEYS[1], 'hash')
putAside(KEYS[2], 'string')
if ARGV[2] then redis.call('HSET', KEYS[1], ARGV[1], ARGV[2]) else redis.call('HDEL', KEYS[1], ARGV[1]) end
local time = redis.call('TIME')
redis.call('SET', KEYS[2], time[1] .. '.' .. time[2])
return 1`);

/** KEYS: help-links. ARGV: the hash of a token, its link. */
export const PUT_HELP_LINK = script(`${putAside}
putAside(KEYS[1], 'hash')
return redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])`);

/** KEYS: secrets. ARGV: name, what it is to be where there is none. */
export const SECRET = script(`${putAside}
putAside(KEYS[1], 'hash')
redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2])
return redis.call('HGET', KEYS[1], ARGV[1])`);
