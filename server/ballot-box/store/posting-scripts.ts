import { redisScript } from '../../frame/redis-script.ts';
import { KEYS } from './keys.ts';
import { LEASED, SHARED } from './update-lua.ts';

/** All that is known of updates, with their bodies. ARGV: trackers */
export const FETCH = redisScript(`${SHARED}
local found = {}
for k, tracker in ipairs(ARGV) do
  local update = fetch(tracker)
  if update then found[#found + 1] = update end
end
return found
`);

/** Of each slot, 1 if its update is sent. ARGV: poll, slots */
export const SENT_OF = redisScript(`
local found = {}
for k = 2, #ARGV do
  local live = redis.call('HGET', '${KEYS.live}' .. ARGV[1], ARGV[k])
  found[k - 1] = redis.call('HGET', '${KEYS.update}' .. (live or ''), 's') == 'sent' and 1 or 0
end
return found
`);

/**
 * Whatever waits for slots and is for the state that they are in, from now on sent, so that nothing takes its place any more. Answers as FETCH does,
 * in the order of the slots. ARGV: lease, poll, then slot and 1 for a first cast of each
 */
export const CLAIM = redisScript(`${SHARED}
if redis.call('GET', '${KEYS.lease}') ~= ARGV[1] then return false end
local found = {}
for k = 3, #ARGV, 2 do
  local tracker = redis.call('HGET', '${KEYS.live}' .. ARGV[2], ARGV[k])
  local update = tracker and fetch(tracker)
  if update and update[2] == 'waiting' and update[5] == ARGV[k + 1] and update[6] == head_of(ARGV[2], ARGV[k]) then
    wait_no_more(tracker, ARGV[2])
    redis.call('HSET', '${KEYS.update}' .. tracker, 's', 'sent')
    redis.call('SADD', '${KEYS.sent}', tracker)
    found[#found + 1] = update
  end
end
return found
`);

/** ARGV: lease, transaction, trackers */
export const MARK_SENT = redisScript(`${LEASED}
for k = 3, #ARGV do
  local key = '${KEYS.update}' .. ARGV[k]
  local u = redis.call('HMGET', key, 's', 'p')
  if u[1] == 'waiting' or u[1] == 'sent' then
    wait_no_more(ARGV[k], u[2])
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
    wait(ARGV[k], u[2], u[3])
  end
end
return 1
`);

/** ARGV: lease, code, trackers */
export const MARK_RETURNED = redisScript(`${LEASED}
for k = 3, #ARGV do over(ARGV[k], 'returned', ARGV[2], '', '') end
return 1
`);
