import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { initialState } from '../../../contracts/follower/state.ts';
import type { FollowStep } from '../../../contracts/follower/follow.ts';
import { readDefinition } from '../../../protocol/definition/decode.ts';
import type { Json } from '../../../protocol/canonical-json.ts';
import { wordHex } from '../../../protocol/encoding.ts';
import { decompress } from '../../../protocol/node/gzip.ts';
import type { Entry } from '../../../protocol/record/entry.ts';
import { segmentName } from '../../../protocol/record/head.ts';
import { FULL_ENTRIES } from '../../../protocol/record/segment.ts';
import { startPrivateRedis } from '../../../server/frame/private-redis.ts';
import type { PrivateRedis } from '../../../server/frame/private-redis.ts';
import { connectRedis } from '../../../server/frame/redis.ts';
import { KEYS, PublicStore } from '../../../server/public/store/store.ts';
import { exampleDefinition } from '../../protocol/definition/example.ts';
import { entries as samples } from '../../protocol/record/sample.ts';

const ELECTION = `0x${'ab'.repeat(20)}` as const;
const CONTEXT = { chainId: 31_337, election: ELECTION, definitionHash: wordHex(7n) };
const definition = readDefinition(exampleDefinition() as Json);
const anchor = samples.find(({ kind }) => kind === 'anchor')!;
/** More than half of a segment: the second step closes it. */
const STEP = 700;

let server: PrivateRedis;
let folder: string;

beforeAll(async () => {
  server = await startPrivateRedis(mkdtempSync(join(tmpdir(), 'urna-store-')));
});
afterAll(() => server.stop());
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'urna-segments-'));
  const redis = await connectRedis(server.url, () => undefined);
  await redis.flushAll();
  await redis.close();
});

/** A store as a process has it that has just started. */
async function opened(): Promise<{ store: PublicStore; close: () => Promise<void> }> {
  const redis = await connectRedis(server.url, () => undefined);
  const store = new PublicStore(redis, { definition, context: CONTEXT }, folder, () => undefined);
  await store.load();
  return { store, close: async () => void (await redis.close()) };
}

/** The step from one block to the next: so many entries. @param time - in which the block was made */
function step(block: number, time: number): FollowStep {
  const first = (block - 1) * STEP;
  const entries = Array.from({ length: STEP }, (_, i) => ({ ...anchor, seq: first + i, block, time }) as Entry);
  const state = { ...initialState(31_337, ELECTION, 1), next: block + 1, seq: first + STEP };
  return { keep: first, entries, state };
}

const closedSegment = (): string => {
  const content = decompress(Uint8Array.from(readFileSync(join(folder, segmentName(0)))), 2 ** 24);
  return typeof content === 'string' ? content : new TextDecoder().decode(content);
};

describe('a store whose process ends between a closed segment’s file and the step’s write', () => {
  /** The first step is stored; of the second only the file of the segment that it closes is there. */
  async function interrupted(): Promise<void> {
    const { store, close } = await opened();
    await store.apply(step(1, 1000));
    await close();
    await expect(store.apply(step(2, 2000))).rejects.toThrow();
    expect(closedSegment().split('\n')).toHaveLength(FULL_ENTRIES + 1);
  }

  it('does not count the segment, and takes the same step again', async () => {
    await interrupted();
    const { store, close } = await opened();
    expect([store.held.segments.closed, store.held.segments.open.length]).toEqual([[], STEP]);
    await store.apply(step(2, 2000));
    const { segments, summary } = store.held;
    await close();
    rmSync(folder, { recursive: true });
    const redis = await connectRedis(server.url, () => undefined);
    await redis.flushAll();
    await redis.close();
    const undisturbed = await opened();
    await undisturbed.store.apply(step(1, 1000));
    await undisturbed.store.apply(step(2, 2000));
    expect([segments, summary]).toEqual([undisturbed.store.held.segments, undisturbed.store.held.summary]);
    expect(segments.closed).toHaveLength(1);
    await undisturbed.close();
  });

  it('writes the file anew where the chain has another block there by then', async () => {
    await interrupted();
    expect(closedSegment()).toContain('"time":2000');
    const { store, close } = await opened();
    await store.apply(step(2, 3000));
    await close();
    expect(closedSegment()).not.toContain('"time":2000');
    expect(closedSegment()).toContain('"time":3000');
    const again = await opened();
    expect(again.store.held.segments.closed).toEqual(store.held.segments.closed);
    await again.close();
  });
});

describe('claim', () => {
  /** Entries of the record that a process finds which starts on the store as it is. */
  async function found(form?: string): Promise<number | undefined> {
    const redis = await connectRedis(server.url, () => undefined);
    if (form !== undefined) await redis.set(KEYS.form, form);
    const store = new PublicStore(redis, { definition, context: CONTEXT }, folder, () => undefined);
    try {
      await store.claim();
      return (await store.load())?.seq;
    } finally {
      await redis.close();
    }
  }

  it('goes on with what this version has made of the chain, and makes again what another has', async () => {
    expect(await found()).toBeUndefined();
    const fill = async (): Promise<void> => {
      const { store, close } = await opened();
      await store.apply(step(1, 1000));
      await close();
    };
    await fill();
    expect(await found()).toBe(STEP);
    expect(await found('0')).toBeUndefined();
    await fill();
    expect(await found()).toBe(STEP);
  });

  it('goes on after the chain was read again as well, and leaves another election’s data alone', async () => {
    await found();
    const { store, close } = await opened();
    await store.reset();
    await store.apply(step(1, 1000));
    await store.redis.set('somebody’s', 'own');
    expect(await found()).toBe(STEP);
    await store.redis.set(KEYS.election, 'another');
    await expect(found('0')).rejects.toMatchObject({ code: 'redis/election' });
    expect(await store.redis.exists([KEYS.state, 'somebody’s'])).toBe(2);
    await close();
  });
});
