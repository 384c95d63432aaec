import { at } from '../errors.ts';
import type { Point } from '../math/curve.ts';
import { equalPoints, multiplyBase, pointWords } from '../math/curve.ts';
import type { Poseidon } from '../math/poseidon.ts';
import type { Ciphertext } from './ciphertext.ts';
import { emptyCiphertext, encodeLanes, encryptOver } from './ciphertext.ts';
import type { LevelPath } from './path.ts';
import { DEPTH } from './path.ts';
import { randomnessScalar } from './randomness.ts';
import { MAX_TOTAL, MAX_VALUE, totalCost } from './rules.ts';
import { SECRET_BOUND } from './secret.ts';
import type { PollConstants, Update } from './statement.ts';
import type { Witness } from './witness.ts';

/**
 * The claims of SPEC §10.3 that a witness breaks, by number; none if the circuit accepts it. The circuit's twin: written
 * from the statement, not from the constraints, to be compared with them.
 */
export function brokenClaims(poseidon: Poseidon, constants: PollConstants, update: Update, witness: Witness): number[] {
  const { selector, secret } = witness;
  const holds: Readonly<Record<number, boolean>> = {
    1: selector || !update.fresh,
    2: !selector || isMember(poseidon, constants, witness),
    3: secret < SECRET_BOUND && (!selector || poseidon([constants.scope, secret]) === update.nullifier),
    4: obeysRule(constants, witness),
    ...newCiphertext(constants, update, witness),
  };
  return Object.keys(holds)
    .map(Number)
    .filter((claim) => holds[claim] !== true);
}

function isMember(poseidon: Poseidon, { root, members }: PollConstants, { secret, path }: Witness): boolean {
  const leaf = poseidon(pointWords(multiplyBase(secret)));
  return rootAbove(poseidon, leaf, path, members) === root;
}

/** The root of a LeanIMT of so many leaves, from a leaf and the digits of its index. */
function rootAbove(
  poseidon: Poseidon,
  leaf: bigint,
  { siblings, sides }: LevelPath,
  members: number,
): bigint | undefined {
  const last = members - 1;
  // The index the sides stand for, with 0 where the node is alone: from the root down, as the circuit does.
  let index = 0;
  const alone: boolean[] = [];
  for (let level = DEPTH - 1; level >= 0; level--) {
    alone[level] = index === last >> (level + 1) && ((last >> level) & 1) === 0;
    index = 2 * index + (alone[level] ? 0 : Number(at(sides, level)));
  }
  if (members < 1 || last >> DEPTH !== 0) return undefined;
  return alone.reduce((node, isAlone, level) => {
    if (isAlone) return node;
    const sibling = at(siblings, level);
    return at(sides, level) === 1n ? poseidon([sibling, node]) : poseidon([node, sibling]);
  }, leaf);
}

function obeysRule({ rule }: PollConstants, { selector, values }: Witness): boolean {
  const within = values.every((value, i) => value >= 0n && value < MAX_VALUE && value <= at(rule.max, i));
  const total = totalCost(rule, values);
  const enough = total >= (selector ? rule.minTotal : 0n) && total <= rule.maxTotal && total < MAX_TOTAL;
  const ranked = values.filter((value) => value !== 0n);
  return within && enough && (!rule.distinct || new Set(ranked).size === ranked.length);
}

/** Claims 6 and 7. */
function newCiphertext(
  { keys }: PollConstants,
  { old, next }: Update,
  { selector, values, randomness }: Witness,
): Readonly<Record<number, boolean>> {
  const vote: Ciphertext = { R: emptyCiphertext(0).R, C: encodeLanes(values) };
  const expected = encryptOver(selector ? vote : old, keys, randomnessScalar(randomness));
  const same = (points: readonly Point[]): boolean => points.every((point, j) => equalPoints(point, at(expected.C, j)));
  return { 6: equalPoints(expected.R, next.R), 7: next.C.length === expected.C.length && same(next.C) };
}
