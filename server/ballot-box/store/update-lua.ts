import { KEYS } from './keys.ts';

/*
 * Redis runs each script as one step. An update is a hash `box:update:<tracker>`:
 *   s state (waiting, sent, confirmed, returned) · p poll · n slot · f 1 for a first cast · h head it is for · e head it makes
 *   r round · y time by which it is to be on chain · i id in the stream · x transaction · b block · c code
 *   d time from which a first cast is due, milliseconds of Redis's clock
 *   v update that waits until this one, which a reorganisation took back, is on chain again
 * Heads and slots are 32 bytes; the first 32 of a followed slot are its head.
 */

/** Seconds for which the fate of an update that is over can be asked for. */
export const FATE_SECONDS = 3 * 86_400;

/** What scripts share. `over` takes an update out of what waits; a confirmed one keeps its body until its block is final. Of a returned one
 * only its fate is kept, not its slot: only a vote takes another's place, so that a slot with a replaced update would be a voter's. */
export const SHARED = `
local EMPTY = string.rep('\\0', 32)
local function head_of(poll, slot)
  local packed = redis.call('HGET', '${KEYS.slots}' .. poll, slot)
  return packed and string.sub(packed, 1, 32) or EMPTY
end
local function wait(tracker, poll, first)
  if first == '1' then
    redis.call('ZADD', '${KEYS.firsts}' .. poll, redis.call('HGET', '${KEYS.update}' .. tracker, 'd'), tracker)
  else
    redis.call('SADD', '${KEYS.laters}' .. poll, tracker)
  end
end
local function wait_no_more(tracker, poll)
  redis.call('ZREM', '${KEYS.firsts}' .. poll, tracker)
  redis.call('SREM', '${KEYS.laters}' .. poll, tracker)
end
local function over(tracker, state, code, block, transaction)
  local key = '${KEYS.update}' .. tracker
  local u = redis.call('HMGET', key, 'p', 'n', 'i', 's', 'v')
  if not u[1] or u[4] == 'returned' or u[4] == 'confirmed' then return 0 end
  local live = '${KEYS.live}' .. u[1]
  if redis.call('HGET', live, u[2]) == tracker then redis.call('HDEL', live, u[2]) end
  wait_no_more(tracker, u[1])
  redis.call('SREM', '${KEYS.sent}', tracker)
  redis.call('HSET', key, 's', state, 'c', code)
  if state == 'confirmed' then
    redis.call('HSET', key, 'b', block, 'x', transaction)
    redis.call('ZADD', '${KEYS.confirmed}', block, tracker)
  else
    redis.call('XDEL', '${KEYS.updates}', u[3])
    redis.call('HDEL', key, 'p', 'n', 'f', 'h', 'e', 'd', 'i')
    redis.call('EXPIRE', key, ${FATE_SECONDS})
  end
  if u[5] then
    redis.call('HDEL', key, 'v')
    local upon = redis.call('HMGET', '${KEYS.update}' .. u[5], 's', 'f')
    if state == 'returned' then
      over(u[5], 'returned', code, '', '')
    elseif upon[1] == 'waiting' or upon[1] == 'sent' then
      redis.call('HSET', live, u[2], u[5])
      if upon[1] == 'waiting' then wait(u[5], u[1], upon[2]) end
    end
  end
  return 1
end
local function settle(tracker, head, mark)
  local block, transaction, counted = string.match(mark or '0::', '^(%d+):([^:]*):?(.*)$')
  local u = redis.call('HMGET', '${KEYS.update}' .. tracker, 'h', 'e')
  if u[2] == head or counted == tracker then over(tracker, 'confirmed', '', block, transaction) return 'confirmed' end
  if u[1] == head then return 'live' end
  over(tracker, 'returned', 'update/stale', '', '')
  return 'returned'
end
local function live_of(poll, slot, head)
  local live, settled = redis.call('HGET', '${KEYS.live}' .. poll, slot), 0
  while live and settle(live, head, redis.call('HGET', '${KEYS.unsettled}', poll .. ':' .. slot)) ~= 'live' do
    live, settled = redis.call('HGET', '${KEYS.live}' .. poll, slot), settled + 1
  end
  if settled > 0 or not live then redis.call('HDEL', '${KEYS.unsettled}', poll .. ':' .. slot) end
  return live, settled
end
local function add_body(tracker, poll, words)
  return redis.call('XADD', '${KEYS.updates}', '*', 't', tracker, 'p', poll, 'u', words)
end
local function body_of(id)
  local entry = redis.call('XRANGE', '${KEYS.updates}', id, id)[1]
  return entry and entry[2][6]
end
local function add(tracker, poll, slot, first, head, nxt, words, round, by, delay)
  local key, id = '${KEYS.update}' .. tracker, add_body(tracker, poll, words)
  redis.call('HSET', key, 's', 'waiting', 'p', poll, 'n', slot, 'f', first, 'h', head, 'e', nxt, 'r', round, 'y', by, 'i', id)
  if first == '1' then redis.call('HSET', key, 'd', string.format('%.0f', tonumber(string.match(id, '^%d+')) + delay)) end
  redis.call('HSET', '${KEYS.live}' .. poll, slot, tracker)
  wait(tracker, poll, first)
end
local function fetch(tracker)
  local u = redis.call('HMGET', '${KEYS.update}' .. tracker, 's', 'p', 'n', 'f', 'h', 'e', 'r', 'i')
  local words = u[8] and body_of(u[8])
  return words and {tracker, u[1], u[2], u[3], u[4], u[5], u[6], u[7], words, u[8]}
end
`;

/** Whoever holds the lease says what became of updates. Answers 0 where the lease is another's. */
export const LEASED = `${SHARED}
if redis.call('GET', '${KEYS.lease}') ~= ARGV[1] then return 0 end
`;
