import { require } from '../errors.ts';
import type { Point } from '../math/curve.ts';
import { add, isIdentity, isOnCurve, multiplyBase } from '../math/curve.ts';
import type { Scalar } from '../math/field.ts';
import { invert, l, modScalar } from '../math/field.ts';

// Points travel as eighths (SPEC §7): the chain doubles three times instead of checking for the subgroup.
const INVERSE_OF_EIGHT = invert(8n, l);

/** The eighth of k·G, `(8⁻¹·k)·G`; constant-time as `multiplyBase`. */
export function eighthOfBase(k: Scalar): Point {
  return multiplyBase(eighthScalar(k));
}

/** `8⁻¹·k mod l`. */
export function eighthScalar(k: Scalar): Scalar {
  return modScalar(k * INVERSE_OF_EIGHT);
}

/** 8Q of any point on the curve: in the prime subgroup, whatever Q was. */
export function timesEight(eighth: Point): Point {
  const two = add(eighth, eighth);
  const four = add(two, two);
  return add(four, four);
}

/**
 * 8Q of a posted point.
 *
 * @throws `point/invalid` if Q is off the curve or has a coordinate ≥ r, or 8Q is O while `allowIdentity` is not given
 */
export function fromEighth(eighth: Point, options: { readonly allowIdentity?: boolean } = {}): Point {
  require(isOnCurve(eighth), 'point/invalid', 'a posted point is not on BabyJubJub');
  const point = timesEight(eighth);
  require(options.allowIdentity === true || !isIdentity(point), 'point/invalid', 'a posted point has low order');
  return point;
}
