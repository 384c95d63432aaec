import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
