// What must happen in Redis at one instant or not at all, as Lua. One room since the scripts are made of the same pieces.
import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Fields } from '../events/decode.ts';
import { LeaseLost } from './log.ts';
import { CALM_MOST, INSTEAD_MOST, LANE_MOST } from './outbox.ts';

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
 * What scripts do with the outbox, whose keys begin at KEYS[first]: see `OUTBOX_KEYS`. What was put aside or taken away is made anew from
 * the rest: the queue from the rows, the lanes from the queue, so that nothing waits there which nobody looks at.
 */
const outbox = (first: number): string => `${putAside}
local rowsAt, queueAt, lanesAt, claimsAt, triesAt = unpack(KEYS, ${first}, ${first + 4})
local heldAt, sentAt, doneAt, toldAt = unpack(KEYS, ${first + 5}, ${first + 8})
local waitingAt, overAt, deadAt = unpack(KEYS, ${first + 9}, ${first + 11})
for _, key in ipairs({ rowsAt, claimsAt, triesAt, heldAt, waitingAt, overAt }) do putAside(key, 'hash') end
for _, key in ipairs({ queueAt, lanesAt, sentAt, doneAt, toldAt, deadAt }) do putAside(key, 'zset') end
local function nowMs()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end
local function stamped(lane, at, id) return lane .. '\\n' .. string.format('%013.0f', at) .. '\\n' .. id end
local function from(lane) return '[' .. lane .. '\\n' end
local function upTo(lane) return '(' .. lane .. '\\v' end
local function dueOf(member) return tonumber(string.match(member, '\\n(%d+)\\n[^\\n]*$')) or 0 end
local function idOf(member) return string.match(member, '[^\\n]*$') end
local function isSound(row)
  if type(row) ~= 'table' or type(row.dueAt) ~= 'number' then return false end
  for _, name in ipairs({ 'lane', 'about', 'marks', 'text' }) do if type(row[name]) ~= 'string' then return false end end
  return true
end
local function rowOf(id)
  local raw = redis.call('HGET', rowsAt, id)
  local isRead, row = pcall(cjson.decode, raw or '')
  if isRead and isSound(row) then return row, raw end
end
local function topicOf(row) return row.lane .. '\\n' .. row.about end
local function remove(id, row)
  if row then
    redis.call('ZREM', queueAt, stamped(row.lane, row.dueAt, id))
    if redis.call('HGET', waitingAt, topicOf(row)) == id then redis.call('HDEL', waitingAt, topicOf(row)) end
  end
  redis.call('HDEL', rowsAt, id)
  redis.call('HDEL', triesAt, id)
end
-- What is due may be on its way: only what nobody has in hand gives up its place.
local function folded(row, isFree)
  local id = redis.call('HGET', waitingAt, topicOf(row))
  local old = id and rowOf(id)
  if not old or row.marks == 'ends' and row.endOf ~= id or redis.call('HEXISTS', triesAt, id) == 1 then return end
  if not isFree and old.dueAt <= nowMs() then return end
  remove(id, old)
  redis.call('ZADD', doneAt, nowMs(), id)
  local instead = row.insteadOf or {}
  for _, each in ipairs(old.insteadOf or {}) do instead[#instead + 1] = each end
  instead[#instead + 1] = id
  while #instead > ${INSTEAD_MOST} do table.remove(instead, 1) end
  row.insteadOf = instead
  return id
end
local function laneIsFree(lane)
  redis.call('HDEL', claimsAt, lane)
  local head = redis.call('ZRANGEBYLEX', queueAt, from(lane), upTo(lane), 'LIMIT', 0, 1)[1]
  if head then redis.call('ZADD', lanesAt, dueOf(head), lane) else redis.call('ZREM', lanesAt, lane) end
end
local function add(id, lane, due, row)
  if redis.call('HEXISTS', rowsAt, id) == 1 or redis.call('ZSCORE', doneAt, id) then return end
  local made = cjson.decode(row)
  local holder = redis.call('HGET', claimsAt, lane)
  if made.marks == 'tells' then
    if folded(made, not holder or holder == 'again') then row = cjson.encode(made) end
    local most = made.isUrgent == true and ${LANE_MOST} or ${CALM_MOST}
    if redis.call('ZLEXCOUNT', queueAt, from(lane), upTo(lane)) >= most then
      redis.call('HINCRBY', overAt, (made.isUrgent == true and 'urgent\\n' or '') .. lane, 1)
      redis.call('ZADD', doneAt, nowMs(), id)
      return
    end
    redis.call('HSET', waitingAt, topicOf(made), id)
  else
    if redis.call('ZLEXCOUNT', queueAt, from(lane), upTo(lane)) >= ${CALM_MOST} then return end
    made.endOf = redis.call('HGET', waitingAt, topicOf(made)) or nil
    row = cjson.encode(made)
  end
  redis.call('HSET', rowsAt, id, row)
  redis.call('ZADD', queueAt, 0, stamped(lane, due, id))
  if holder then return end
  local at = redis.call('ZSCORE', lanesAt, lane)
  if not at or tonumber(due) < tonumber(at) then redis.call('ZADD', lanesAt, due, lane) end
end
local function withdraw(id)
  local row = rowOf(id)
  if not row then return end
  remove(id, row)
  if redis.call('HEXISTS', claimsAt, row.lane) == 0 then laneIsFree(row.lane) end
end
if redis.call('EXISTS', queueAt) == 0 and redis.call('EXISTS', rowsAt) == 1 then
  redis.call('DEL', lanesAt)
  for _, id in ipairs(redis.call('HKEYS', rowsAt)) do
    local row = rowOf(id)
    if row then redis.call('ZADD', queueAt, 0, stamped(row.lane, row.dueAt, id)) else remove(id) end
  end
end
if redis.call('EXISTS', lanesAt) == 0 and redis.call('EXISTS', queueAt) == 1 then
  redis.call('DEL', claimsAt)
  for _, member in ipairs(redis.call('ZRANGE', queueAt, 0, -1)) do
    local lane = string.match(member, '^(.*)\\n%d+\\n[^\\n]*$')
    if lane then redis.call('ZADD', lanesAt, 'NX', dueOf(member), lane) else redis.call('ZREM', queueAt, member) end
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
 * KEYS: the outbox, channelsAt. ARGV: token, milliseconds of the lease, lanes at most, rows of each at most, milliseconds in which messages
 * are counted, rows of a lane whose digest is due at most, rows after which no further lane is claimed. When the next lane is due, the word of
 * the channels, then of each lane its name, for its calm rows and for its urgent ones messages lately, held until and how many were too many,
 * and of each row its id, text, tries and whether its episode was told there. An end that is due takes away what is held of its episode.
 */
export const CLAIM = script(`${outbox(1)}
putAside(KEYS[13], 'string')
local now = nowMs()
local found = {}
local inAll = 0
local function paceOf(lane)
  local lately = redis.call('ZLEXCOUNT', sentAt, '[' .. stamped(lane, now - tonumber(ARGV[5]), ''), upTo(lane))
  return { lately, redis.call('HGET', heldAt, lane) or '', redis.call('HGET', overAt, lane) or '0' }
end
local function isDigestDue(pace)
  local held = tonumber(pace[2])
  return pace[3] ~= '0' or held ~= nil and held <= now
end
for _, lane in ipairs(redis.call('ZRANGEBYSCORE', lanesAt, '-inf', now, 'LIMIT', 0, ARGV[3])) do
  if inAll >= tonumber(ARGV[7]) then break end
  local rows = {}
  local calm, urgent = paceOf(lane), paceOf('urgent\\n' .. lane)
  local most = (isDigestDue(calm) or isDigestDue(urgent)) and ARGV[6] or ARGV[4]
  for _, member in ipairs(redis.call('ZRANGEBYLEX', queueAt, from(lane), upTo(lane), 'LIMIT', 0, most)) do
    local id = idOf(member)
    local row, raw = rowOf(id)
    if not row or stamped(row.lane, row.dueAt, id) ~= member then
      redis.call('ZREM', queueAt, member)
      if not row then remove(id) end
    elseif dueOf(member) > now then
      break
    else
      local told = redis.call('ZSCORE', toldAt, topicOf(row)) and '1' or '0'
      if row.marks == 'ends' and folded(row, false) then
        raw = cjson.encode(row)
        redis.call('HSET', rowsAt, id, raw)
      end
      rows[#rows + 1] = { id, raw, redis.call('HGET', triesAt, id) or '', told }
    end
  end
  if #rows == 0 then
    laneIsFree(lane)
  else
    redis.call('ZADD', lanesAt, now + tonumber(ARGV[2]), lane)
    redis.call('HSET', claimsAt, lane, ARGV[1])
    inAll = inAll + #rows
    found[#found + 1] = { lane, calm, urgent, rows }
  end
end
local next = redis.call('ZRANGE', lanesAt, 0, 0, 'WITHSCORES')[2]
return { next or '', redis.call('GET', KEYS[13]) or '', found }`);

/**
 * KEYS: journal, the outbox. ARGV: token, lane, outcome, its instant or (as JSON) why, 1 if it counts, milliseconds for which messages are
 * counted, for which what is over and dead letters are kept, how many of these, 1 if it is of the urgent ones, how many that were too many are
 * told with it, their dead letter (as JSON), number of ids, the ids, then entries. 0: the lane is not ours.
 * What happened is written first, and stands though the journal may refuse to be told of it: who was told must not be told again.
 */
export const SETTLE = script(`${addAll}${outbox(2)}
local lane, outcome = ARGV[2], ARGV[3]
if redis.call('HGET', claimsAt, lane) ~= ARGV[1] then return 0 end
local now = nowMs()
local last = 13 + tonumber(ARGV[13])
local kin = (ARGV[10] == '1' and 'urgent\\n' or '') .. lane
local function bury(id, row, said)
  local letter = cjson.decode(said)
  letter.id, letter.at, letter.row = id, now, row
  redis.call('ZADD', deadAt, now, cjson.encode(letter))
end
if tonumber(ARGV[11]) > 0 then
  local row = rowOf(ARGV[14])
  if row then bury(ARGV[14], row, ARGV[12]) end
  if redis.call('HINCRBY', overAt, kin, -tonumber(ARGV[11])) <= 0 then redis.call('HDEL', overAt, kin) end
end
for at = 14, last do
  local id = ARGV[at]
  local row = rowOf(id)
  if outcome == 'again' then
    local first = string.match(redis.call('HGET', triesAt, id) or '', ' (%d+)$') or string.format('%.0f', now)
    local tries = string.match(redis.call('HGET', triesAt, id) or '', '^%d+') or '0'
    if row then redis.call('HSET', triesAt, id, (tonumber(tries) + 1) .. ' ' .. first) end
  elseif outcome == 'held' then
    if row then
      redis.call('ZREM', queueAt, stamped(lane, row.dueAt, id))
      row.dueAt = tonumber(ARGV[4])
      redis.call('HSET', rowsAt, id, cjson.encode(row))
      redis.call('ZADD', queueAt, 0, stamped(lane, row.dueAt, id))
    end
  else
    remove(id, row)
    redis.call('ZADD', doneAt, now, id)
    if row and outcome == 'sent' then
      if row.marks == 'ends' then redis.call('ZREM', toldAt, lane .. '\\n' .. row.about)
      else redis.call('ZADD', toldAt, now, lane .. '\\n' .. row.about) end
    elseif row and outcome == 'dead' then
      bury(id, row, ARGV[4])
    end
  end
end
if outcome == 'sent' and ARGV[5] == '1' then redis.call('ZADD', sentAt, 0, stamped(kin, now, ARGV[14])) end
if outcome == 'held' then redis.call('HSET', heldAt, kin, ARGV[4]) end
if outcome == 'again' then
  redis.call('HSET', claimsAt, lane, 'again')
  redis.call('ZADD', lanesAt, ARGV[4], lane)
else
  laneIsFree(lane)
end
local due = tonumber(redis.call('ZSCORE', lanesAt, lane) or 'inf')
for _, each in ipairs({ lane, 'urgent\\n' .. lane }) do
  local heldTo = tonumber(redis.call('HGET', heldAt, each) or '0') or 0
  if heldTo <= now and due > heldTo and outcome ~= 'again' then redis.call('HDEL', heldAt, each) end
  redis.call('ZREMRANGEBYLEX', sentAt, from(each), '(' .. stamped(each, now - tonumber(ARGV[6]), ''))
end
redis.call('ZREMRANGEBYSCORE', doneAt, '-inf', now - tonumber(ARGV[7]))
redis.call('ZREMRANGEBYSCORE', toldAt, '-inf', now - tonumber(ARGV[7]))
redis.call('ZREMRANGEBYSCORE', deadAt, '-inf', now - tonumber(ARGV[8]))
redis.call('ZREMRANGEBYRANK', deadAt, 0, -1 - tonumber(ARGV[9]))
pcall(addAll, KEYS[1], last + 1)
return 1`);

/** KEYS: the outbox. ARGV: lanes at most. How many rows wait, and when the one was due that is overdue longest, or nothing. Only looks. */
export const BACKLOG = script(`
local function is(key, kind) return redis.call('TYPE', key).ok == kind end
local oldest = ''
if not is(KEYS[1], 'hash') then return { 0, oldest } end
if is(KEYS[2], 'zset') and is(KEYS[3], 'zset') then
  for _, lane in ipairs(redis.call('ZRANGE', KEYS[3], 0, tonumber(ARGV[1]) - 1)) do
    local head = redis.call('ZRANGEBYLEX', KEYS[2], '[' .. lane .. '\\n', '(' .. lane .. '\\v', 'LIMIT', 0, 1)[1]
    local due = head and string.match(head, '\\n(%d+)\\n[^\\n]*$')
    if due and (oldest == '' or tonumber(due) < tonumber(oldest)) then oldest = due end
  end
end
return { redis.call('HLEN', KEYS[1]), oldest }`);

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
