import { at, require } from '../errors.ts';
import type { Field } from '../math/field.ts';
import { toField } from '../math/field.ts';

/** Members a district can have: leaves of a tree of depth 20. */
export const MAX_MEMBERS = 2 ** 20;

/**
 * The leaves of a district's roll: commitments in strictly increasing order, none of them 0 (SPEC §6).
 *
 * @throws `roll/size`, `roll/zero`, `roll/duplicate`, `roll/order`, `field/range`; messages name the index
 */
export function toMembers(commitments: readonly bigint[]): Field[] {
  require(commitments.length <= MAX_MEMBERS, 'roll/size', `a roll has at most ${MAX_MEMBERS} members`);
  return commitments.map((commitment, i) => {
    require(commitment !== 0n, 'roll/zero', `member ${i} is zero`);
    const previous = i === 0 ? 0n : at(commitments, i - 1);
    require(commitment !== previous, 'roll/duplicate', `member ${i} stands there twice`);
    require(commitment > previous, 'roll/order', `member ${i} is out of order`);
    return toField(commitment);
  });
}

/** Index of a commitment among the sorted members, or -1. */
export function indexOfMember(members: readonly Field[], commitment: bigint): number {
  let [low, high] = [0, members.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (at(members, middle) < commitment) low = middle + 1;
    else high = middle;
  }
  return members[low] === commitment ? low : -1;
}
