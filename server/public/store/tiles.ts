import { concatBytes, encodeHex } from '../../../protocol/encoding.ts';
import { UrnaError, require } from '../../../protocol/errors.ts';
import { loadTreeHash } from '../../../protocol/math/poseidon.ts';
import { TILE_SIZE } from '../../../protocol/roll/tiles.ts';
import type { TilePool } from '../../frame/tile-pool.ts';
import type { PublicStore } from './store.ts';
import { KEYS, reading } from './store.ts';

const TILE_BYTES = 32 * TILE_SIZE;
/** Nodes that are hashed at once, where the service answers requests: a few milliseconds. More goes to a thread. */
const SMALL = 64;

/** What tiles are read from and kept in. */
type Tiles = Pick<PublicStore, 'held' | 'redis' | 'bytes'>;

/** A tile of the sealed roll (SPEC §6.3). @throws `not-found/tile`, `busy/tiles` while the upper tiles are being made */
export async function readTile(store: Tiles, district: number, level: 0 | 1, index: number): Promise<Buffer> {
  const { newestRoll, sealed } = store.held.summary;
  const members = newestRoll?.members[district] ?? 0;
  require(sealed && members > 0, 'not-found/tile', 'there is no sealed roll with members for this district');
  if (level === 1) return readUpper(store, district, index);
  require(index * TILE_SIZE < members, 'not-found/tile', 'the district has fewer members than that');
  const start = index * TILE_BYTES;
  return reading(store.bytes.getRange(KEYS.members(district), start, start + TILE_BYTES - 1)) as Promise<Buffer>;
}

async function readUpper(store: Tiles, district: number, index: number): Promise<Buffer> {
  require(index === 0, 'not-found/tile', 'level 1 is one tile');
  return made(store, KEYS.tileRoots(district));
}

/** With which member every tile of level 0 begins, proved (SPEC §6.3). @throws `not-found/tile`, `busy/tiles` while they are being made */
export async function readBounds(store: Tiles, district: number): Promise<Buffer> {
  const { newestRoll, sealed } = store.held.summary;
  const exists = sealed && (newestRoll?.members[district] ?? 0) > 0;
  require(exists, 'not-found/tile', 'there is no sealed roll with members for this district');
  return made(store, KEYS.tileBounds(district));
}

async function made(store: Tiles, key: string): Promise<Buffer> {
  const bytes = await reading(store.bytes.get(key));
  if (bytes === null)
    throw new UrnaError('busy/tiles', 'the roll was sealed a moment ago and its tiles are being made: try again');
  return bytes as unknown as Buffer;
}

/**
 * Makes the upper tile and the bounds of every district of the sealed roll that has none yet: a hash a member, once an election, in a thread where there are many.
 *
 * @param pool - starts its thread with the first job; the caller closes it
 * @param signal - ends it between two tiles; begun again, it goes on at the district
 * @param note - told a code where members and the root on chain contradict each other: such a tile is never served
 */
export async function makeTiles(
  store: Tiles,
  pool: TilePool,
  signal: AbortSignal,
  note: (code: string) => void,
): Promise<void> {
  const { newestRoll, sealed } = store.held.summary;
  if (newestRoll === null || !sealed) return;
  const hash = await loadTreeHash();
  const rootOf = async (words: Uint8Array): Promise<Uint8Array> =>
    words.length <= 32 * SMALL ? hash(words) : pool.run(words);
  for (const [district, members] of newestRoll.members.entries()) {
    const keys = [KEYS.tileRoots(district), KEYS.tileBounds(district)] as const;
    if (members === 0 || (await store.redis.exists([...keys])) === keys.length) continue;
    const [roots, bounds]: [Uint8Array[], Uint8Array[]] = [[], []];
    for (let index = 0; index * TILE_SIZE < members; index++) {
      if (signal.aborted) return;
      const tile = new Uint8Array(await readTile(store, district, 0, index));
      const [first, siblings] = [tile.slice(0, 32), await siblingsOf(tile, rootOf)];
      bounds.push(first, ...siblings);
      roots.push(siblings.reduce<Uint8Array>((node, sibling) => hash(concatBytes(node, sibling)), first));
    }
    const upper = concatBytes(...roots);
    if (encodeHex(await rootOf(upper)) !== newestRoll.roots[district]) note('roll/tile');
    else await store.redis.mSet([keys[0], Buffer.from(upper), keys[1], Buffer.from(concatBytes(...bounds))]);
  }
}

/** The siblings on the way up from a tile's first leaf: roots of what comes after the first leaf, after the first two, the first four, … */
async function siblingsOf(tile: Uint8Array, rootOf: (words: Uint8Array) => Promise<Uint8Array>): Promise<Uint8Array[]> {
  const siblings: Uint8Array[] = [];
  for (let start = 32; start < tile.length; start *= 2) siblings.push(await rootOf(tile.slice(start, 2 * start)));
  return siblings;
}
