import { UrnaError, at, require } from '../errors.ts';
import type { Field } from '../math/field.ts';
import type { Poseidon } from '../math/poseidon.ts';
import { shuffle } from '../random.ts';
import type { RandomBytes } from '../random.ts';
import { buildTree, treeRoot } from '../roll/lean-imt.ts';
import type { MembershipPath } from '../roll/lean-imt.ts';
import { boundRoot, decodeBounds } from '../roll/tile-bounds.ts';
import { TILE_SIZE, decodeTile, pathFromTiles } from '../roll/tiles.ts';
import { readAnswer } from './reader.ts';
import type { Reader } from './reader.ts';

const TILE_BYTES = 32 * TILE_SIZE;
const CODE = 'public/tile';

/** Whom to look for, and with whom. Secret. */
export interface RollSearch {
  readonly district: number;
  /** Of the district's sealed roll. */
  readonly root: Field;
  readonly commitment: Field;
  /** Of this identity and district ({@link decoys}); none for whom nobody must hide. */
  readonly decoys: readonly Field[];
}

/** A member's place in the sealed roll. */
export interface RollPlace {
  readonly path: MembershipPath;
  /** Members of the district. */
  readonly members: number;
}

/**
 * A member's path and the size of the roll, from whole tiles (SPEC §17.4): that of the commitment, those of the decoys, and the last one,
 * in random order. Nothing is judged before all are there, so that what is asked for depends on the members looked for alone, all alike.
 *
 * The root fixes the members' number only together with their order: a level of nodes given for the leaves below it has the same root, but
 * hashes do not ascend. Of a last tile of very few members, whose nodes may happen to, a service can give a wrong number: no proof made
 * with it holds.
 *
 * @throws `public/tile` for tiles that are not of this root, `voter/not-on-roll`
 */
export async function readRollPlace(
  read: Reader,
  poseidon: Poseidon,
  search: RollSearch,
  random: RandomBytes,
): Promise<RollPlace> {
  const { district, root, commitment } = search;
  const tile = async (name: string): Promise<readonly Field[]> => {
    const bytes = await read(`/v1/tiles/${district}/${name}`, TILE_BYTES);
    return readAnswer(CODE, () => decodeTile(bytes));
  };
  const roots = await tile('1/0');
  require(treeRoot(buildTree(poseidon, roots)) === root, CODE, 'the upper tile is not of the sealed roll');
  const bytes = await read(`/v1/tiles/${district}/bounds`, 13 * 32 * roots.length);
  const firsts = readAnswer(CODE, () => firstsOf(poseidon, bytes, roots));
  const last = firsts.length - 1;
  const wanted = new Set([last, ...[commitment, ...search.decoys].map((member) => tileOf(firsts, member))]);
  const tiles = new Map<number, readonly Field[]>();
  for (const index of shuffle([...wanted], random)) tiles.set(index, await tile(`0/${index}`));
  for (const [index, leaves] of tiles) requireTile(poseidon, leaves, index, firsts, roots);
  const own = tileOf(firsts, commitment);
  const leaves = tiles.get(own) ?? [];
  const place = leaves.indexOf(commitment);
  if (place < 0) throw new UrnaError('voter/not-on-roll', 'this identity is not on the sealed roll of this district');
  const path = pathFromTiles(poseidon, own * TILE_SIZE + place, leaves, roots);
  return { path, members: last * TILE_SIZE + (tiles.get(last)?.length ?? 0) };
}

/** The first leaf of every tile, proved: a service that could shift them would learn whether one chosen member is looked for. */
function firstsOf(poseidon: Poseidon, bytes: Uint8Array, roots: readonly Field[]): readonly Field[] {
  const bounds = decodeBounds(bytes, roots.length);
  const areProved = bounds.every((bound, i) => boundRoot(poseidon, bound) === roots[i]);
  const firsts = bounds.map(({ first }) => first);
  require(areProved && ascends(firsts), CODE, 'the first members are not those of these tiles');
  return firsts;
}

/** The tile that holds a member, if one does: the last that begins no later. */
function tileOf(firsts: readonly Field[], member: Field): number {
  const after = firsts.findIndex((first) => first > member);
  return Math.max(0, (after < 0 ? firsts.length : after) - 1);
}

function requireTile(
  poseidon: Poseidon,
  leaves: readonly Field[],
  index: number,
  firsts: readonly Field[],
  roots: readonly Field[],
): void {
  const isLast = index === roots.length - 1;
  const whole = leaves.length === TILE_SIZE || (isLast && leaves.length > 0);
  require(whole && treeRoot(buildTree(poseidon, leaves)) === roots[index], CODE, 'a tile is not of the sealed roll');
  const inPlace = leaves[0] === firsts[index] && (isLast || at(leaves, leaves.length - 1) < at(firsts, index + 1));
  require(inPlace && ascends(leaves), CODE, 'a tile’s members are not in their order');
}

function ascends(members: readonly Field[]): boolean {
  return members.every((member, i) => member > (i === 0 ? 0n : at(members, i - 1)));
}
