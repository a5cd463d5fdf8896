// Scripts of the journal, and of what stands in streams.
import { addAll, script } from './script.ts';

/** KEYS: journal. ARGV: entries. */
export const APPEND = script(`${addAll}
return addAll(KEYS[1], 1)`);

/** KEYS: journal. ARGV: id. Redis' clock in whole milliseconds, or nothing where there is an entry after the id; after the last possible one XRANGE is refused, and nothing can be. */
export const QUIET_AT = script(`
local unread = redis.pcall('XRANGE', KEYS[1], '(' .. ARGV[1], '+', 'COUNT', 1)
if not unread.err and #unread > 0 then return false end
local now = redis.call('TIME')
return now[1] .. string.format('%03d', math.floor(now[2] / 1000))`);

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
