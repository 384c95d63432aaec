import { concatBytes } from '../../../protocol/encoding.ts';
import { loadTreeHash } from '../../../protocol/math/poseidon.ts';
import { TILE_SIZE } from '../../../protocol/roll/tiles.ts';
import type { WordList } from '../../../protocol/word-list.ts';
import type { TilePool } from '../../frame/tile-pool.ts';

/** Tiles of a district (SPEC §6.3), as bytes. */
export interface Tiles {
  /** Root of the district as a word; 0 without members. */
  readonly root: Uint8Array;
  /** Level 0: leaves. */
  readonly lower: readonly Uint8Array[];
  /** Level 1, tile 0: the roots of the lower tiles; empty without members. */
  readonly upper: Uint8Array;
}

/** Cuts a district's members, ascending, into tiles, and hashes them in the pool's threads. */
export async function buildTiles(pool: TilePool, members: WordList): Promise<Tiles> {
  const count = Math.ceil(members.length / TILE_SIZE);
  const lower = Array.from({ length: count }, (_, i) => cut(members, i * TILE_SIZE));
  const hash = await loadTreeHash();
  // A single tile is done before a thread has started.
  const roots = lower.length < 2 ? lower.map(hash) : await Promise.all(lower.map((leaves) => pool.run(leaves)));
  const upper = concatBytes(...roots);
  return { root: hash(upper), lower, upper };
}

function cut(members: WordList, start: number): Uint8Array {
  const end = Math.min(start + TILE_SIZE, members.length);
  const leaves = new Uint8Array(32 * (end - start));
  for (let i = start; i < end; i++) leaves.set(members.at(i), 32 * (i - start));
  return leaves;
}
