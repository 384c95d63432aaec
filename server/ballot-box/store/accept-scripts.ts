import { redisScript } from '../../frame/redis-script.ts';
import { KEYS } from './keys.ts';
import { SHARED } from './update-lua.ts';

/**
 * Takes an update whose proof holds, if its slot is still as it takes it to be. Answers with a word and a tracker: `taken`, `known`
 * (it was taken before), `stale`, `pending` (another one of the slot is sent), `closed`, `full`, `resync` while the chain is being read again.
 *
 * ARGV: poll, slot, first, head, next head, words, tracker, round, by, open, limit, milliseconds until it is due
 */
export const ACCEPT = redisScript(`${SHARED}
local poll, slot, first, head, nxt = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
if redis.call('EXISTS', '${KEYS.resync}') == 1 then return {'resync', ''} end
if head_of(poll, slot) ~= head then return {'stale', ''} end
local live = live_of(poll, slot, head)
if live then
  local u = redis.call('HMGET', '${KEYS.update}' .. live, 'e', 's')
  if u[1] == nxt then return {'known', live} end
  if u[2] == 'sent' then return {'pending', ''} end
end
if ARGV[10] == '0' then return {'closed', ''} end
if redis.call('XLEN', '${KEYS.updates}') >= tonumber(ARGV[11]) then return {'full', ''} end
if live then over(live, 'returned', 'update/replaced', '', '') end
add(ARGV[7], poll, slot, first, head, nxt, ARGV[6], ARGV[8], ARGV[9], ARGV[12])
return {'taken', ARGV[7]}
`);

/**
 * Lays masks: where a slot is still as its mask takes it to be and nothing waits or is sent, the mask waits from now on. A vote that waits is put
 * behind what was stored before it, so that it lies in the stream among the masks with which it goes out, and Redis has as much to do for it.
 *
 * ARGV: poll, round, by, then slot, head, next head, words, tracker of each mask
 */
export const LAY = redisScript(`${SHARED}
local poll = ARGV[1]
if redis.call('EXISTS', '${KEYS.resync}') == 1 then return 0 end
for k = 4, #ARGV, 5 do
  local slot, head = ARGV[k], ARGV[k + 1]
  if head_of(poll, slot) == head then
    local live = live_of(poll, slot, head)
    if not live then
      add(ARGV[k + 4], poll, slot, '0', head, ARGV[k + 2], ARGV[k + 3], ARGV[2], ARGV[3], 0)
    else
      local key = '${KEYS.update}' .. live
      local u = redis.call('HMGET', key, 's', 'i')
      if u[1] == 'waiting' then
        redis.call('HSET', key, 'i', add_body(live, poll, body_of(u[2])))
        redis.call('XDEL', '${KEYS.updates}', u[2])
      end
    end
  end
end
return 1
`);

/** The tracker under which this very update is known, or an empty answer. ARGV: poll, slot, next head */
export const KNOWN = redisScript(`
local live = redis.call('HGET', '${KEYS.live}' .. ARGV[1], ARGV[2])
if live and redis.call('HGET', '${KEYS.update}' .. live, 'e') == ARGV[3] then return live end
return ''
`);
