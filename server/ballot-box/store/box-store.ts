import { canonicalJson } from '../../../protocol/canonical-json.ts';
import type { ElectionContext } from '../../../protocol/credentials/registration.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import type { BytesRedis, Redis } from '../../frame/redis.ts';
import { bytesOf } from '../../frame/redis.ts';
import { claimStore } from '../../frame/store-form.ts';
import { KEYS } from './keys.ts';

/** A box's Redis. Several processes of the box share it. */
export interface BoxStore {
  readonly redis: Redis;
  readonly bytes: BytesRedis;
}

/** 2: first casts that wait are a sorted set, and each knows from when it is due. */
const FORM = 2;

/** Opens the store of a box. @param box - its account's address @throws `redis/election` if this Redis holds another's, `redis/form` if another version's */
export async function openStore(redis: Redis, context: ElectionContext, box: Hex): Promise<BoxStore> {
  const { about, form } = KEYS;
  await claimStore(redis, { keys: { about, form }, about: canonicalJson({ ...context, box }), form: FORM });
  return { redis, bytes: bytesOf(redis) };
}
