import { redisScript } from '../../frame/redis-script.ts';
import { KEYS } from './keys.ts';
import { FATE_SECONDS, SHARED } from './update-lua.ts';

/** Settles slots that the chain has changed. Answers with the number of updates that are over. ARGV: members of `unsettled` */
export const SETTLE = redisScript(`${SHARED}
local done = 0
for k, member in ipairs(ARGV) do
  local poll, slot = string.match(member, '^(%d+):(.*)$')
  local _, settled = live_of(poll, slot, head_of(poll, slot))
  redis.call('HDEL', '${KEYS.unsettled}', member)
  done = done + settled
end
return done
`);

/**
 * After a reorganisation: confirmed updates that the chain has given up wait again if their slot is as it was before them. One that was made upon such an
 * update cannot be posted as things are: it waits behind it. One for the same state keeps the place that it has. ARGV: trackers
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
    local other = redis.call('HGET', live, u[3])
    if other and redis.call('HGET', '${KEYS.update}' .. other, 'h') == u[5] then
      over(tracker, 'returned', 'update/replaced', '', '')
    else
      if other then
        redis.call('HSET', key, 'v', other)
        wait_no_more(other, u[2])
      end
      redis.call('HSET', live, u[3], tracker)
      wait(tracker, u[2], u[4])
      revived = revived + 1
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
