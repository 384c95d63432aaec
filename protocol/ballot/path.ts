import { at, require } from '../errors.ts';
import type { MembershipPath } from '../roll/lean-imt.ts';

/** Levels of the circuit's tree: 2^20 voters a district (SPEC §10). */
export const DEPTH = 20;

/** A path with one entry a level; where the node moves up alone, both are 0. */
export interface LevelPath {
  readonly siblings: readonly bigint[];
  /** 1 where the node stands right: the digits of the leaf's index, 0 where it moves up alone. */
  readonly sides: readonly bigint[];
}

/** A path that leads nowhere: a mask needs none. */
export function emptyPath(): LevelPath {
  const zeros = Array.from({ length: DEPTH }, () => 0n);
  return { siblings: zeros, sides: zeros };
}

/**
 * A LeanIMT path, which leaves out the levels on which the node moves up alone, level by level.
 *
 * Down to the highest level on which the node stands left (there the path leaves the right edge of the tree), the tree's
 * size tells the levels; below it, none is left out (SPEC §10.7).
 *
 * @param members - leaves of the tree
 * @throws `ballot/path` if no leaf of such a tree has a path of that form
 */
export function levelPath({ bits, siblings }: MembershipPath, members: number): LevelPath {
  const fits = Number.isInteger(members) && members >= 1 && members <= 2 ** DEPTH && bits.length === siblings.length;
  require(fits, 'ballot/path', `expected a path in a tree of 1 to 2^${DEPTH} members`);
  const left = bits.lastIndexOf(0);
  const path = { siblings: [] as bigint[], sides: [] as bigint[] };
  let next = 0;
  for (let level = 0; level < DEPTH; level++) {
    const paired = level <= left || (((members - 1) >> level) & 1) === 1;
    require(!paired || next < bits.length, 'ballot/path', 'the membership path is too short for the roll');
    path.siblings.push(paired ? at(siblings, next) : 0n);
    path.sides.push(paired ? BigInt(at(bits, next)) : 0n);
    if (paired) next++;
  }
  require(next === bits.length, 'ballot/path', 'the membership path is too long for the roll');
  return path;
}
