// Scripts of the shelves and the trail.
import { putAside, script } from './script.ts';

/** KEYS: the shelf. ARGV: id, text. */
export const PUT_ON_SHELF = script(`${putAside}
putAside(KEYS[1], 'hash')
return redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])`);

/** KEYS: the shelf. ARGV: id, text. 1: it is there now; 0: something was. */
export const CLAIM_ON_SHELF = script(`${putAside}
putAside(KEYS[1], 'hash')
return redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2])`);

/** KEYS: the shelf. ARGV: id, what is to be there, text. 1: it is there now; 0: something else was, or nothing. */
export const SWAP_ON_SHELF = script(`
if redis.call('TYPE', KEYS[1]).ok ~= 'hash' or redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 1`);

/** KEYS: the trail. ARGV: how many entries stay, text. */
export const NOTE_ON_TRAIL = script(`${putAside}
putAside(KEYS[1], 'stream')
return redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[1], '*', 'line', ARGV[2])`);
