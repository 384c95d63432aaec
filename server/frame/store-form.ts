import { require } from '../../protocol/errors.ts';
import type { Redis } from './redis.ts';

/** Whose data a Redis holds, and in which form a version of the program writes it. */
export interface StoreForm {
  /** Names of what holds the two. */
  readonly keys: { readonly about: string; readonly form: string };
  /** One Redis serves one service of one election. */
  readonly about: string;
  /** Grows whenever what is stored could not be read by an earlier version, or the earlier one's by this. A store that names none is of form 1. */
  readonly form: number;
}

/**
 * Takes an empty Redis for this service, or sees that it is this service's already and of the form that this program reads. Whatever else it
 * holds is left as it is: what an older version has promised, only that version can keep.
 *
 * @throws `redis/election`, `redis/form`
 */
export async function claimStore(redis: Redis, { keys, about, form }: StoreForm): Promise<void> {
  // Both or neither: a process that is killed here leaves no store whose form is unknown.
  await redis.mSetNX({ [keys.about]: about, [keys.form]: String(form) });
  const [found, named] = await redis.mGet([keys.about, keys.form]);
  require(found === about, 'redis/election', 'this Redis holds another service or election: give each its own');
  const held = Number(named ?? 1);
  const writer = held < form ? 'an older' : 'a newer';
  require(held ===
    form, 'redis/form', `this Redis holds what ${writer} version of the program has stored, in form ${held} where this one reads form ${form}: nothing of it was touched; start that version again, and see "an upgrade" in server/OPERATIONS.md`);
}
