import { concatBytes, decodeNumber, encodeWord } from '../encoding.ts';
import { require } from '../errors.ts';
import type { Field } from '../math/field.ts';
import { toField } from '../math/field.ts';
import type { Poseidon } from '../math/poseidon.ts';
import { buildTree, membershipPath, treeRoot } from './lean-imt.ts';
import type { LeanImt, MembershipPath } from './lean-imt.ts';

/** Members in a tile. A client fetches whole tiles, early and with decoys, so that nobody learns which member it is. */
export const TILE_SIZE = 4096;
const TILE_HEIGHT = 12;

/**
 * Nodes of a tile (SPEC §6.3): level 0 holds leaves, level 1 the roots of the level-0 tiles (nodes of height 12).
 * The last tile of a level may be shorter.
 *
 * @throws `roll/tile` if there is no such tile
 */
export function cutTile(tree: LeanImt, level: 0 | 1, index: number): readonly Field[] {
  const nodes = level === 0 ? (tree.levels[0] ?? []) : tileRoots(tree);
  const tile = nodes.slice(index * TILE_SIZE, (index + 1) * TILE_SIZE);
  require(Number.isInteger(index) && index >= 0 && tile.length > 0, 'roll/tile', `there is no tile ${level}/${index}`);
  return tile;
}

/** Nodes of height 12; a tree lower than that is one tile, its root the only one. */
function tileRoots(tree: LeanImt): readonly Field[] {
  return tree.levels[Math.min(TILE_HEIGHT, tree.levels.length - 1)] ?? [];
}

/**
 * The path of a member from two tiles: the leaves of its tile, and the roots of all tiles.
 *
 * @param index - of the member in the roll
 * @throws `roll/tile` if the leaves do not give the root that the upper tile has for them, `roll/index`
 */
export function pathFromTiles(
  poseidon: Poseidon,
  index: number,
  leaves: readonly Field[],
  roots: readonly Field[],
): MembershipPath {
  const position = Math.floor(index / TILE_SIZE);
  const lower = buildTree(poseidon, leaves);
  require(treeRoot(lower) === roots[position], 'roll/tile', 'the tile does not belong to the tile above it');
  const below = membershipPath(lower, index % TILE_SIZE);
  const above = membershipPath(buildTree(poseidon, roots), position);
  return {
    root: above.root,
    leaf: below.leaf,
    bits: [...below.bits, ...above.bits],
    siblings: [...below.siblings, ...above.siblings],
  };
}

/** The nodes as 32-byte words. */
export function encodeTile(nodes: readonly Field[]): Uint8Array {
  return concatBytes(...nodes.map(encodeWord));
}

/** Strict inverse of {@link encodeTile}. @throws `roll/tile` for a length that is no tile's, `field/range` */
export function decodeTile(bytes: Uint8Array): Field[] {
  const count = bytes.length / 32;
  require(Number.isInteger(count) && count > 0 && count <= TILE_SIZE, 'roll/tile', 'a tile has 1 to 4096 words');
  return Array.from({ length: count }, (_, i) => toField(decodeNumber(bytes.subarray(32 * i, 32 * i + 32))));
}
