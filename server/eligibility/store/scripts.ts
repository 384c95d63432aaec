import { redisScript } from '../../frame/redis-script.ts';
import { PACKED_IDENTITY } from './packed.ts';

/**
 * Takes a registration (SPEC §5.5), all of it or nothing, whatever other instances do at the same time.
 *
 * KEYS: closed, registrations, owners, revocations, replacements, subjects, subject-of, events.
 * ARGV: credential key, commitment, sequence, packed registration, 1 if the key is of the reserve, subject or nothing.
 * Answer: {word, packed registration or next sequence}.
 */
export const TAKE_REGISTRATION = redisScript(`
local key, commitment, sequence, packed, subject = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4], ARGV[6]
local known = redis.call('HGET', KEYS[2], key)
if known and string.sub(known, 1, ${PACKED_IDENTITY}) == string.sub(packed, 1, ${PACKED_IDENTITY}) then
  return {'known', known}
end
if redis.call('EXISTS', KEYS[1]) == 1 then return {'closed'} end
if redis.call('HEXISTS', KEYS[4], key) == 1 then return {'revoked'} end
if ARGV[5] == '1' and redis.call('HEXISTS', KEYS[5], key) == 0 then return {'credential'} end
local last = 0
if known then
  for i = 33, 40 do last = last * 256 + string.byte(known, i) end
end
if sequence ~= last + 1 then return {'sequence', last + 1} end
local owner = redis.call('HGET', KEYS[3], commitment)
if owner and owner ~= key then return {'commitment'} end
if subject ~= '' then
  local bound = redis.call('HGET', KEYS[6], subject)
  if bound and bound ~= key then return {'subject-taken'} end
  local mine = redis.call('HGET', KEYS[7], key)
  if mine and mine ~= subject then return {'other-subject'} end
  redis.call('HSET', KEYS[6], subject, key)
  redis.call('HSET', KEYS[7], key, subject)
end
if known then redis.call('HDEL', KEYS[3], string.sub(known, 1, 32)) end
redis.call('HSET', KEYS[3], commitment, key)
redis.call('HSET', KEYS[2], key, packed)
redis.call('XADD', KEYS[8], '*', 'kind', 'registration', 'key', key, 'packed', packed)
return {'taken', packed}
`);

/**
 * Ends a credential (SPEC §5.5): its registration goes, its commitment and subject are free, its replacement may register.
 *
 * KEYS: closed, registrations, owners, revocations, replacements, subjects, subject-of, events.
 * ARGV: credential key, packed revocation, 1 if the key is of the reserve, replacement or nothing.
 */
export const TAKE_REVOCATION = redisScript(`
local key, packed, replacement = ARGV[1], ARGV[2], ARGV[4]
local done = redis.call('HGET', KEYS[4], key)
if done and done == packed then return {'known'} end
if redis.call('EXISTS', KEYS[1]) == 1 then return {'closed'} end
if done then return {'revoked'} end
if ARGV[3] == '1' and redis.call('HEXISTS', KEYS[5], key) == 0 then return {'credential'} end
if replacement ~= '' then
  if redis.call('HEXISTS', KEYS[5], replacement) == 1 then return {'reserve'} end
  redis.call('HSET', KEYS[5], replacement, key)
end
redis.call('HSET', KEYS[4], key, packed)
local known = redis.call('HGET', KEYS[2], key)
if known then
  redis.call('HDEL', KEYS[3], string.sub(known, 1, 32))
  redis.call('HDEL', KEYS[2], key)
end
local subject = redis.call('HGET', KEYS[7], key)
if subject then
  redis.call('HDEL', KEYS[6], subject)
  redis.call('HDEL', KEYS[7], key)
end
redis.call('XADD', KEYS[8], '*', 'kind', 'revocation', 'key', key, 'packed', packed)
return {'taken'}
`);
