// What scripts do with the outbox: rows come in, give up their place to newer ones, and go; lanes know when their head is due.
import { DROPPED } from '../../contract/channels.ts';
import { CALM_MOST, INSTEAD_MOST, LANE_MOST } from '../outbox.ts';
import { putAside } from './script.ts';

/**
 * What scripts do with the outbox, whose keys begin at KEYS[first]: see `OUTBOX_KEYS`; who adds to it has the journal in KEYS[1]. What was put aside or taken away is made anew from
 * the rest: the queue from the rows, the lanes from the queue, so that nothing waits there which nobody looks at.
 */
export const outbox = (first: number): string => `${putAside}
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
  if row.insteadOf == nil then return true end
  if type(row.insteadOf) ~= 'table' then return false end
  for _, each in pairs(row.insteadOf) do if type(each) ~= 'string' then return false end end
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
-- What is due may be on its way: only what nobody has in hand, and nobody tried, gives up its place.
local function folded(row, isFree)
  local id = redis.call('HGET', waitingAt, topicOf(row))
  local old = id and rowOf(id)
  if not old or row.marks == 'ends' and row.endOf ~= id or redis.call('HEXISTS', triesAt, id) == 1 or old.digest then return end
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
-- A word in the place of a number is none.
local function overOf(kin) return math.max(0, tonumber(redis.call('HGET', overAt, kin) or '0') or 0) end
local function countOver(kin, by)
  local count = overOf(kin) + by
  if count > 0 then redis.call('HSET', overAt, kin, string.format('%.0f', count)) else redis.call('HDEL', overAt, kin) end
end
local function laneIsFree(lane)
  redis.call('HDEL', claimsAt, lane)
  local head = redis.call('ZRANGEBYLEX', queueAt, from(lane), upTo(lane), 'LIMIT', 0, 1)[1]
  if head then redis.call('ZADD', lanesAt, dueOf(head), lane) else redis.call('ZREM', lanesAt, lane) end
end
-- Nobody is told of it alone, and it does not come again: see notKeptEntry.
local function notKept(id, made)
  redis.call('ZADD', doneAt, nowMs(), id)
  local isRead, said = pcall(cjson.decode, made.text)
  if not isRead or type(said) ~= 'table' or type(said.kind) ~= 'string' then return end
  local owner, of, channel = string.match(made.lane, '^([^\\n]*)\\n([^\\n]*)\\n(.*)$')
  if not owner then return end
  local data = { owner = owner, of = of, channel = channel, notification = id, kind = said.kind, attempt = 0 }
  data.at, data.outcome, data.why, data.via = nowMs(), 'dropped', '${DROPPED.full}', 'none'
  local words = { 'type', 'alert.told', 'subject', made.about, 'source', 'pharos', 'id', id .. '/0/dropped' }
  for _, word in ipairs({ 'data', cjson.encode(data) }) do words[#words + 1] = word end
  redis.pcall('XADD', KEYS[1], '*', unpack(words))
end
local function add(id, lane, due, row)
  if redis.call('HEXISTS', rowsAt, id) == 1 or redis.call('ZSCORE', doneAt, id) then return end
  local made = cjson.decode(row)
  local holder = redis.call('HGET', claimsAt, lane)
  if made.marks == 'tells' then
    if folded(made, not holder or holder == 'again') then row = cjson.encode(made) end
    local most = made.isUrgent == true and ${LANE_MOST} or ${CALM_MOST}
    if redis.call('ZLEXCOUNT', queueAt, from(lane), upTo(lane)) >= most then
      countOver((made.isUrgent == true and 'urgent\\n' or '') .. lane, 1)
      notKept(id, made)
      return
    end
    redis.call('HSET', waitingAt, topicOf(made), id)
  else
    if redis.call('ZLEXCOUNT', queueAt, from(lane), upTo(lane)) >= ${CALM_MOST} then
      notKept(id, made)
      return
    end
    made.endOf = redis.call('HGET', waitingAt, topicOf(made)) or nil
    row = cjson.encode(made)
  end
  redis.call('HSET', rowsAt, id, row)
  redis.call('ZADD', queueAt, 0, stamped(lane, due, id))
  -- A claim of a lane that nobody will look at again is nobody's.
  if holder and redis.call('ZSCORE', lanesAt, lane) then return end
  if holder then redis.call('HDEL', claimsAt, lane) end
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
