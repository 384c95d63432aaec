import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { emptyCiphertext } from '../../../protocol/ballot/ciphertext.ts';
import { wordHex } from '../../../protocol/encoding.ts';
import type { Field } from '../../../protocol/math/field.ts';
import { packSlot } from '../../../server/ballot-box/followed/slot-bytes.ts';
import { KEYS } from '../../../server/ballot-box/store/keys.ts';
import type { CheckedUpdate, Tracker } from '../../../server/ballot-box/store/updates.ts';
import { findFate, wordBytes } from '../../../server/ballot-box/store/updates.ts';
import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import type { ElectionContext } from '../../../protocol/credentials/registration.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import type { BoxStore } from '../../../server/ballot-box/store/box-store.ts';
import { openStore } from '../../../server/ballot-box/store/box-store.ts';
import type { PrivateRedis } from '../../../server/frame/private-redis.ts';
import { startPrivateRedis } from '../../../server/frame/private-redis.ts';
import { connectRedis } from '../../../server/frame/redis.ts';

/** A box's store in a Redis of the suite's own, empty before each test. To be called once, where the suite begins. */
export function ownStore(context: ElectionContext, box: Hex): () => BoxStore {
  let folder: string;
  let server: PrivateRedis;
  let store: BoxStore;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'urna-store-'));
    server = await startPrivateRedis(folder);
    store = await openStore(await connectRedis(server.url, () => undefined), context, box);
  });
  afterAll(async () => {
    await store.redis.close();
    await server.stop();
    rmSync(folder, { recursive: true });
  });
  beforeEach(async () => {
    await store.redis.flushAll();
  });
  return () => store;
}

/** Transaction of what {@link chainHas} says. */
export const TX = wordHex(99n);

/** A stored update of poll 0: whose slot it is, the head that it is for and the one that it makes. */
export function update(slot: bigint, head: bigint, next: bigint): CheckedUpdate {
  const words = Uint8Array.from(wordBytes(next));
  return { poll: 0, slot, first: head === 0n, head, next, words, round: 1, by: 1_000 };
}

/** The slot as if the chain had it so; says so to the box if `block` is given. */
export async function chainHas({ redis }: BoxStore, slot: bigint, head: bigint, block?: number): Promise<void> {
  const bytes = packSlot({ head: head as Field, previousHead: 0n, round: 0, ciphertext: emptyCiphertext(1) });
  await redis.hSet(`${KEYS.slots}0`, wordBytes(slot), bytes);
  if (block !== undefined) {
    await redis.hSet(KEYS.unsettled, Buffer.concat([Buffer.from('0:'), wordBytes(slot)]), `${block}:${TX}`);
  }
}

/** Code of what is thrown, or `none`. */
export async function codeOf(run: Promise<unknown>): Promise<string> {
  return run.then(
    () => 'none',
    (error: unknown) => String((error as { code?: string }).code),
  );
}

/** State of an update, and the code of one that was returned. */
export async function stateOf(store: BoxStore, tracker: Tracker): Promise<string> {
  const fate = await findFate(store, tracker);
  return [fate?.state, fate?.code].filter((each) => each !== '').join(' ');
}
