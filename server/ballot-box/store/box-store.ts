import { canonicalJson } from '../../../protocol/canonical-json.ts';
import type { ElectionContext } from '../../../protocol/credentials/registration.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { require } from '../../../protocol/errors.ts';
import type { BytesRedis, Redis } from '../../frame/redis.ts';
import { bytesOf } from '../../frame/redis.ts';
import { KEYS } from './keys.ts';

/** A box's Redis. Several processes of the box share it. */
export interface BoxStore {
  readonly redis: Redis;
  readonly bytes: BytesRedis;
}

/** Opens the store of a box. @param box - its account's address @throws `redis/election` if this Redis holds another's */
export async function openStore(redis: Redis, context: ElectionContext, box: Hex): Promise<BoxStore> {
  const about = canonicalJson({ ...context, box });
  await redis.set(KEYS.about, about, { condition: 'NX' });
  const same = (await redis.get(KEYS.about)) === about;
  require(same, 'redis/election', 'this Redis holds another box or election: give each its own');
  return { redis, bytes: bytesOf(redis) };
}
