import { setImmediate as turn } from 'node:timers/promises';
import { decodeWord } from '../../../protocol/encoding.ts';
import { UrnaError, require } from '../../../protocol/errors.ts';
import type { Field } from '../../../protocol/math/field.ts';
import type { Poseidon } from '../../../protocol/math/poseidon.ts';
import { buildTree, treeRoot } from '../../../protocol/roll/lean-imt.ts';
import { TILE_SIZE, decodeTile, encodeTile } from '../../../protocol/roll/tiles.ts';
import type { PublicStore } from './store.ts';
import { KEYS, reading } from './store.ts';

const TILE_BYTES = 32 * TILE_SIZE;

/** A tile of the sealed roll (SPEC §6.3). @throws `not-found/tile`, `busy/tiles` while the upper tiles are being made */
export async function readTile(store: PublicStore, district: number, level: 0 | 1, index: number): Promise<Buffer> {
  const { newestRoll, sealed } = store.held.summary;
  const members = newestRoll?.members[district] ?? 0;
  require(sealed && members > 0, 'not-found/tile', 'there is no sealed roll with members for this district');
  if (level === 1) return readUpper(store, district, index);
  require(index * TILE_SIZE < members, 'not-found/tile', 'the district has fewer members than that');
  const start = index * TILE_BYTES;
  return reading(store.bytes.getRange(KEYS.members(district), start, start + TILE_BYTES - 1)) as Promise<Buffer>;
}

async function readUpper(store: PublicStore, district: number, index: number): Promise<Buffer> {
  require(index === 0, 'not-found/tile', 'level 1 is one tile');
  const tile = await reading(store.bytes.get(KEYS.tileRoots(district)));
  if (tile === null)
    throw new UrnaError('busy/tiles', 'the roll was sealed a moment ago and its tiles are being made: try again');
  return tile as unknown as Buffer;
}

/**
 * Makes the upper tile of every district of the sealed roll that has none yet: a hash a member, once an election.
 *
 * @param note - told a code where members and the root on chain contradict each other: such a tile is never served
 */
export async function makeTiles(store: PublicStore, poseidon: Poseidon, note: (code: string) => void): Promise<void> {
  const { newestRoll, sealed } = store.held.summary;
  if (newestRoll === null || !sealed) return;
  for (const [district, members] of newestRoll.members.entries()) {
    if (members === 0 || (await store.redis.exists(KEYS.tileRoots(district))) === 1) continue;
    const roots: Field[] = [];
    for (let index = 0; index * TILE_SIZE < members; index++) {
      const leaves = decodeTile(await readTile(store, district, 0, index));
      roots.push(treeRoot(buildTree(poseidon, leaves)));
      await turn();
    }
    const root = treeRoot(buildTree(poseidon, roots));
    if (root === decodeWord(newestRoll.roots[district])) {
      await store.redis.set(KEYS.tileRoots(district), Buffer.from(encodeTile(roots)));
    } else note('roll/tile');
  }
}
