import { redisScript } from '../../frame/redis-script.ts';
import { KEYS } from './keys.ts';

/*
 * Redis runs each script as one step. An update is a hash `box:update:<tracker>`:
 *   s state (waiting, sent, confirmed, returned) · p poll · n slot · f 1 for a first cast · h head it is for · e head it makes
 *   r round · y time by which it is to be on chain · i id in the stream · x transaction · b block · c code
 * Heads and slots are 32 bytes; the first 32 of a followed slot are its head.
 */

/** Seconds for which the fate of an update that is over can be asked for. */
const FATE_SECONDS = 3 * 86_400;

/** What scripts share. `over` takes an update out of what waits; a confirmed one keeps its body until its block is final. Of a returned one
 * only its fate is kept, not its slot: only a vote takes another's place, so that a slot with a replaced update would be a voter's. */
const SHARED = `
local EMPTY = string.rep('\\0', 32)
local function head_of(poll, slot)
  local packed = redis.call('HGET', '${KEYS.slots}' .. poll, slot)
  return packed and string.sub(packed, 1, 32) or EMPTY
end
local function over(tracker, state, code, block, transaction)
  local key = '${KEYS.update}' .. tracker
  local u = redis.call('HMGET', key, 'p', 'n', 'i', 's')
  if not u[1] or u[4] == 'returned' or u[4] == 'confirmed' then return 0 end
  local live = '${KEYS.live}' .. u[1]
  if redis.call('HGET', live, u[2]) == tracker then redis.call('HDEL', live, u[2]) end
  redis.call('SREM', '${KEYS.firsts}' .. u[1], tracker)
  redis.call('SREM', '${KEYS.laters}' .. u[1], tracker)
  redis.call('SREM', '${KEYS.sent}', tracker)
  redis.call('HSET', key, 's', state, 'c', code)
  if state == 'confirmed' then
    redis.call('HSET', key, 'b', block, 'x', transaction)
    redis.call('ZADD', '${KEYS.confirmed}', block, tracker)
  else
    redis.call('XDEL', '${KEYS.updates}', u[3])
    redis.call('HDEL', key, 'p', 'n', 'f', 'h', 'e', 'i')
    redis.call('EXPIRE', key, ${FATE_SECONDS})
  end
  return 1
end
local function settle(tracker, head, block, transaction)
  local u = redis.call('HMGET', '${KEYS.update}' .. tracker, 'h', 'e')
  if u[1] == head then return 'live' end
  if u[2] == head then over(tracker, 'confirmed', '', block, transaction) return 'confirmed' end
  over(tracker, 'returned', 'update/stale', '', '')
  return 'returned'
end
local function wait_in(poll, first)
  return (first == '1' and '${KEYS.firsts}' or '${KEYS.laters}') .. poll
end
`;

/**
 * Takes an update whose proof holds, if its slot is still as it takes it to be. Answers with a word and a tracker: `taken`, `known`
 * (it was taken before), `stale`, `pending` (another one of the slot is sent), `waiting` (only where `replaces` is 0), `closed`, `full`, `resync` while the
 * chain is being read again.
 *
 * ARGV: poll, slot, first, head, next head, words, tracker, round, by, replaces, open, limit
 */
export const ACCEPT = redisScript(`${SHARED}
local poll, slot, first, head, nxt = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
if redis.call('EXISTS', '${KEYS.resync}') == 1 then return {'resync', ''} end
if head_of(poll, slot) ~= head then return {'stale', ''} end
local live = redis.call('HGET', '${KEYS.live}' .. poll, slot)
if live then
  local mark = redis.call('HGET', '${KEYS.unsettled}', poll .. ':' .. slot)
  local block, transaction = string.match(mark or '0:', '^(%d+):(.*)$')
  if settle(live, head, block, transaction) ~= 'live' then
    redis.call('HDEL', '${KEYS.unsettled}', poll .. ':' .. slot)
    live = false
  end
end
if live then
  local u = redis.call('HMGET', '${KEYS.update}' .. live, 'e', 's')
  if u[1] == nxt then return {'known', live} end
  if u[2] == 'sent' then return {'pending', ''} end
  if ARGV[10] == '0' then return {'waiting', ''} end
end
if ARGV[11] == '0' then return {'closed', ''} end
if redis.call('XLEN', '${KEYS.updates}') >= tonumber(ARGV[12]) then return {'full', ''} end
if live then over(live, 'returned', 'update/replaced', '', '') end
local tracker = ARGV[7]
local id = redis.call('XADD', '${KEYS.updates}', '*', 't', tracker, 'p', poll, 'u', ARGV[6])
redis.call('HSET', '${KEYS.update}' .. tracker, 's', 'waiting', 'p', poll, 'n', slot, 'f', first, 'h', head, 'e', nxt,
  'r', ARGV[8], 'y', ARGV[9], 'i', id)
redis.call('HSET', '${KEYS.live}' .. poll, slot, tracker)
redis.call('SADD', wait_in(poll, first), tracker)
return {'taken', tracker}
`);

/** The tracker under which this very update is known, or an empty answer. ARGV: poll, slot, next head */
export const KNOWN = redisScript(`
local live = redis.call('HGET', '${KEYS.live}' .. ARGV[1], ARGV[2])
if live and redis.call('HGET', '${KEYS.update}' .. live, 'e') == ARGV[3] then return live end
return ''
`);

/** All that is known of updates, with their bodies. ARGV: trackers */
export const FETCH = redisScript(`
local found = {}
for k, tracker in ipairs(ARGV) do
  local u = redis.call('HMGET', '${KEYS.update}' .. tracker, 's', 'p', 'n', 'f', 'h', 'e', 'r', 'i')
  if u[1] then
    local entry = u[8] and redis.call('XRANGE', '${KEYS.updates}', u[8], u[8])[1]
    if entry then found[#found + 1] = {tracker, u[1], u[2], u[3], u[4], u[5], u[6], u[7], entry[2][6]} end
  end
end
return found
`);

/** Trackers of the live updates of slots, empty where there is none. ARGV: poll, slots */
export const LIVE_OF = redisScript(`
local found = {}
for k = 2, #ARGV do found[k - 1] = redis.call('HGET', '${KEYS.live}' .. ARGV[1], ARGV[k]) or '' end
return found
`);

/** Whoever holds the lease says what became of updates. Answers 0 where the lease is another's. */
const LEASED = `${SHARED}
if redis.call('GET', '${KEYS.lease}') ~= ARGV[1] then return 0 end
`;

/** ARGV: lease, transaction, trackers */
export const MARK_SENT = redisScript(`${LEASED}
for k = 3, #ARGV do
  local key = '${KEYS.update}' .. ARGV[k]
  local u = redis.call('HMGET', key, 's', 'p', 'f')
  if u[1] == 'waiting' or u[1] == 'sent' then
    redis.call('SREM', wait_in(u[2], u[3]), ARGV[k])
    redis.call('HSET', key, 's', 'sent', 'x', ARGV[2])
    redis.call('SADD', '${KEYS.sent}', ARGV[k])
  end
end
return 1
`);

/** Sent updates wait again: their transaction is gone. ARGV: lease, trackers */
export const MARK_WAITING = redisScript(`${LEASED}
for k = 2, #ARGV do
  local key = '${KEYS.update}' .. ARGV[k]
  local u = redis.call('HMGET', key, 's', 'p', 'f')
  if u[1] == 'sent' then
    redis.call('SREM', '${KEYS.sent}', ARGV[k])
    redis.call('HSET', key, 's', 'waiting', 'x', '')
    redis.call('SADD', wait_in(u[2], u[3]), ARGV[k])
  end
end
return 1
`);

/** ARGV: lease, code, trackers */
export const MARK_RETURNED = redisScript(`${LEASED}
for k = 3, #ARGV do over(ARGV[k], 'returned', ARGV[2], '', '') end
return 1
`);

/** Settles slots that the chain has changed. Answers with the number of updates that are over. ARGV: members of `unsettled` */
export const SETTLE = redisScript(`${SHARED}
local done = 0
for k, member in ipairs(ARGV) do
  local poll, slot = string.match(member, '^(%d+):(.*)$')
  local mark = redis.call('HGET', '${KEYS.unsettled}', member)
  local live = redis.call('HGET', '${KEYS.live}' .. poll, slot)
  if mark and live then
    local block, transaction = string.match(mark, '^(%d+):(.*)$')
    if settle(live, head_of(poll, slot), block, transaction) ~= 'live' then done = done + 1 end
  end
  redis.call('HDEL', '${KEYS.unsettled}', member)
end
return done
`);

/**
 * After a reorganisation: confirmed updates that the chain has given up wait again if their slot is as it was before them. ARGV: trackers
 */
export const REVIVE = redisScript(`${SHARED}
local revived = 0
for k, tracker in ipairs(ARGV) do
  local key = '${KEYS.update}' .. tracker
  local u = redis.call('HMGET', key, 's', 'p', 'n', 'f', 'h')
  if u[1] == 'confirmed' and head_of(u[2], u[3]) == u[5] then
    local live = '${KEYS.live}' .. u[2]
    redis.call('ZREM', '${KEYS.confirmed}', tracker)
    redis.call('HSET', key, 's', 'waiting', 'x', '', 'b', '')
    if redis.call('HSETNX', live, u[3], tracker) == 1 then
      redis.call('SADD', wait_in(u[2], u[4]), tracker)
      revived = revived + 1
    else
      over(tracker, 'returned', 'update/replaced', '', '')
    end
  end
end
return revived
`);

/** Forgets the bodies of updates whose blocks are final. Answers with their number. ARGV: block, most at once */
export const PRUNE = redisScript(`
local final = redis.call('ZRANGEBYSCORE', '${KEYS.confirmed}', '-inf', ARGV[1], 'LIMIT', 0, ARGV[2])
for k, tracker in ipairs(final) do
  local key = '${KEYS.update}' .. tracker
  redis.call('XDEL', '${KEYS.updates}', redis.call('HGET', key, 'i'))
  redis.call('EXPIRE', key, ${FATE_SECONDS})
  redis.call('ZREM', '${KEYS.confirmed}', tracker)
end
return #final
`);

/** The number of the new holder, or 0 while another holds the lease. ARGV: milliseconds */
export const TAKE_LEASE = redisScript(`
if redis.call('EXISTS', '${KEYS.lease}') == 1 then return 0 end
local number = redis.call('INCR', '${KEYS.fence}')
redis.call('SET', '${KEYS.lease}', number, 'PX', ARGV[1])
return number
`);

/** 1 if the lease still was the holder's and is so for longer now. ARGV: number, milliseconds */
export const RENEW_LEASE = redisScript(`
if redis.call('GET', '${KEYS.lease}') ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', '${KEYS.lease}', ARGV[2])
`);

/** Gives a lease up. ARGV: number */
export const DROP_LEASE = redisScript(`
if redis.call('GET', '${KEYS.lease}') ~= ARGV[1] then return 0 end
return redis.call('DEL', '${KEYS.lease}')
`);
