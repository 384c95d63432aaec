import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { encodeHex, wordHex } from '../../../protocol/encoding.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { loadPoseidon, loadTreeHash } from '../../../protocol/math/poseidon.ts';
import { boundRoot, decodeBounds } from '../../../protocol/roll/tile-bounds.ts';
import { TILE_SIZE, decodeTile } from '../../../protocol/roll/tiles.ts';
import type { PrivateRedis } from '../../../server/frame/private-redis.ts';
import { startPrivateRedis } from '../../../server/frame/private-redis.ts';
import type { Redis } from '../../../server/frame/redis.ts';
import { bytesOf, connectRedis } from '../../../server/frame/redis.ts';
import { openTilePool } from '../../../server/frame/tile-pool.ts';
import type { PublicStore } from '../../../server/public/store/store.ts';
import { KEYS } from '../../../server/public/store/store.ts';
import { makeTiles, readBounds, readTile } from '../../../server/public/store/tiles.ts';

/** A tile more than one, and one that is small. */
const MEMBERS = [TILE_SIZE + 3, 2, 0];

let folder: string;
let server: PrivateRedis;
let redis: Redis;
let roots: Hex[];
const pool = openTilePool(1);
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'urna-tiles-'));
  server = await startPrivateRedis(folder);
  redis = await connectRedis(server.url, () => undefined);
  const hash = await loadTreeHash();
  roots = [];
  for (const [district, count] of MEMBERS.entries()) {
    const words = Buffer.alloc(32 * count);
    for (let i = 0; i < count; i++) words.writeUInt32BE(i + 1, 32 * i + 28);
    await redis.set(KEYS.members(district), words);
    roots.push(encodeHex(hash(words)));
  }
}, 300_000);
afterAll(async () => {
  await pool.close();
  await redis.close();
  await server.stop();
  rmSync(folder, { recursive: true });
});

type Tiles = Pick<PublicStore, 'held' | 'redis' | 'bytes'>;

function storeOf(sealed: boolean, told: readonly Hex[]): Tiles {
  const newestRoll = { version: 1, registrationsRoot: wordHex(1n), members: MEMBERS, roots: told };
  const summary = {
    ...{ entries: 0, newestRoll, sealed, extensions: [], resultHash: null, cancelled: false },
    ...{ polls: [], units: [] },
  };
  const held = { state: undefined, segments: { closed: [], open: [] }, summary };
  return { held, redis, bytes: bytesOf(redis) };
}

const going = new AbortController().signal;

describe('makeTiles', () => {
  it('makes none of a roll that is not sealed, nor once the service ends', async () => {
    await makeTiles(storeOf(false, roots), pool, going, () => undefined);
    await makeTiles(storeOf(true, roots), pool, AbortSignal.abort(), () => undefined);
    expect(await redis.exists([0, 1].map((district) => KEYS.tileRoots(district)))).toBe(0);
  });

  it('makes none where members and the chain’s root contradict each other, and says so', async () => {
    const notes: string[] = [];
    await makeTiles(storeOf(true, [wordHex(1n), wordHex(2n), wordHex(0n)]), pool, going, (code) => notes.push(code));
    expect(notes).toEqual(['roll/tile', 'roll/tile']);
    await expect(readTile(storeOf(true, roots), 0, 1, 0)).rejects.toMatchObject({ code: 'busy/tiles' });
  });

  it('makes the roots of all tiles while the service goes on answering', async () => {
    const store = storeOf(true, roots);
    let [turns, done] = [0, false];
    const making = makeTiles(store, pool, going, () => undefined).finally(() => (done = true));
    while (!done) {
      await pause(5);
      turns += 1;
    }
    await making;
    // Hashed here, two tiles would leave a turn or two for each of their awaits.
    expect(turns).toBeGreaterThan(20);
    const upper = await readTile(store, 0, 1, 0);
    const hash = await loadTreeHash();
    const lower = [await readTile(store, 0, 0, 0), await readTile(store, 0, 0, 1)];
    expect(Buffer.from(upper)).toEqual(Buffer.concat(lower.map(hash)));
    expect(encodeHex(hash(upper))).toBe(roots[0]);
    const bounds = decodeBounds(new Uint8Array(await readBounds(store, 0)), 2);
    expect(bounds.map(({ first, siblings }) => [first, siblings.length])).toEqual([
      [1n, 12],
      [BigInt(TILE_SIZE + 1), 2],
    ]);
    const poseidon = await loadPoseidon();
    expect(bounds.map((bound) => boundRoot(poseidon, bound))).toEqual(decodeTile(new Uint8Array(upper)));
    expect(await readBounds(store, 1)).toHaveLength(64);
    expect(await readTile(store, 1, 1, 0)).toHaveLength(32);
    await expect(readTile(store, 2, 1, 0)).rejects.toMatchObject({ code: 'not-found/tile' });
  });
});
