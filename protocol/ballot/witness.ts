import type { Point } from '../math/curve.ts';
import { pointWords } from '../math/curve.ts';
import type { Scalar } from '../math/field.ts';
import type { CircuitInputs } from '../math/witness-calculator.ts';
import type { LevelPath } from './path.ts';
import { emptyPath } from './path.ts';
import type { Randomness } from './randomness.ts';
import type { PollConstants, Update } from './statement.ts';

/** The private inputs of the circuit. Secret, but for a mask's, of which only the randomness is. */
export interface Witness {
  /** True for the owner's vote, false for a mask. */
  readonly selector: boolean;
  readonly secret: Scalar;
  readonly path: LevelPath;
  readonly values: readonly bigint[];
  readonly randomness: Randomness;
}

/** Private inputs of a mask: all zero but the randomness. */
export function maskWitness(places: number, randomness: Randomness): Witness {
  const values = Array.from({ length: places }, () => 0n);
  return { selector: false, secret: 0n as Scalar, path: emptyPath(), values, randomness };
}

const pairs = (points: readonly Point[]): bigint[][] => points.map(({ x, y }) => [x, y]);

/** Inputs of the circuit by name (SPEC §10.1, §10.2). Secret. */
export function circuitInputs(constants: PollConstants, update: Update, witness: Witness): CircuitInputs {
  const { scope, root, members, rule, keys, halfway } = constants;
  const { minTotal, maxTotal, quadratic, distinct, max, price } = rule;
  const { nullifier, context, fresh, old, next } = update;
  const { selector, secret, path, values, randomness } = witness;
  return {
    ...{ scope, root, members: BigInt(members), minTotal, maxTotal },
    ...{ quadratic: BigInt(quadratic), distinct: BigInt(distinct), max, price },
    ...{ PK: pairs(keys), PK2: pairs(halfway), nullifier, context, fresh: BigInt(fresh) },
    ...{ oldR: pointWords(old.R), newR: pointWords(next.R), oldC: pairs(old.C), newC: pairs(next.C) },
    ...{ selector: BigInt(selector), secret, sibling: path.siblings, side: path.sides, value: values },
    rhoTop: BigInt(randomness.top),
    rhoSign: randomness.sign.map(BigInt),
    rhoPair: randomness.pair.map(BigInt),
  };
}
