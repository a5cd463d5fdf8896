// Scripts of the outbox: lanes are claimed, and what became of their rows is settled.
import { outbox } from './outbox-pieces.ts';
import { addAll, script } from './script.ts';

/**
 * KEYS: the outbox, channelsAt. ARGV: token, milliseconds of the lease, lanes at most, rows of each at most, milliseconds in which messages
 * are counted, rows of a lane whose digest is due at most, rows after which no further lane is claimed. When the next lane is due, the word of
 * the channels, then of each lane its name, for its calm rows and for its urgent ones messages lately, held until and how many were too many,
 * of each row its id, text, tries and whether its episode was told there, and how many ends went lately. An end that is due takes away what is held of its episode.
 */
export const CLAIM = script(`${outbox(1)}
putAside(KEYS[13], 'string')
local now = nowMs()
local found = {}
local inAll = 0
local function latelyOf(lane)
  return redis.call('ZLEXCOUNT', sentAt, '[' .. stamped(lane, now - tonumber(ARGV[5]), ''), upTo(lane))
end
local function paceOf(lane)
  return { latelyOf(lane), redis.call('HGET', heldAt, lane) or '', string.format('%.0f', overOf(lane)) }
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
    found[#found + 1] = { lane, calm, urgent, rows, latelyOf('ends\\n' .. lane) }
  end
end
local next = redis.call('ZRANGE', lanesAt, 0, 0, 'WITHSCORES')[2]
return { next or '', redis.call('GET', KEYS[13]) or '', found }`);

/**
 * KEYS: journal, the outbox. ARGV: token, lane, outcome, its instant or (as JSON) why or the digest, 1 if it counts as news and 2 as an end, milliseconds for which messages are
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
  countOver(kin, -tonumber(ARGV[11]))
end
for at = 14, last do
  local id = ARGV[at]
  local row = rowOf(id)
  if outcome == 'again' then
    local first = string.match(redis.call('HGET', triesAt, id) or '', ' (%d+)$') or string.format('%.0f', now)
    local tries = string.match(redis.call('HGET', triesAt, id) or '', '^%d+') or '0'
    if row then redis.call('HSET', triesAt, id, (tonumber(tries) + 1) .. ' ' .. first) end
  elseif outcome == 'packed' then
    if row then
      row.digest = cjson.decode(ARGV[4])
      redis.call('HSET', rowsAt, id, cjson.encode(row))
    end
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
if outcome == 'packed' then return 1 end
if outcome == 'sent' and ARGV[5] ~= '0' then
  redis.call('ZADD', sentAt, 0, stamped(ARGV[5] == '2' and 'ends\\n' .. lane or kin, now, ARGV[14]))
end
if outcome == 'held' then redis.call('HSET', heldAt, kin, ARGV[4]) end
if outcome == 'again' then
  redis.call('HSET', claimsAt, lane, 'again')
  redis.call('ZADD', lanesAt, ARGV[4], lane)
else
  laneIsFree(lane)
end
local due = tonumber(redis.call('ZSCORE', lanesAt, lane) or 'inf')
for _, each in ipairs({ lane, 'urgent\\n' .. lane, 'ends\\n' .. lane }) do
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

/** KEYS: the outbox. ARGV: token, lane, milliseconds of the lease. 0: the lane is not ours. */
export const RENEW = script(`${outbox(1)}
if redis.call('HGET', claimsAt, ARGV[2]) ~= ARGV[1] then return 0 end
redis.call('ZADD', lanesAt, nowMs() + tonumber(ARGV[3]), ARGV[2])
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
