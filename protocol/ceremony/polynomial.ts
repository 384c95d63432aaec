import { at, require } from '../errors.ts';
import type { Point } from '../math/curve.ts';
import { add, equalPoints, multiplyBase, multiplyPublic } from '../math/curve.ts';
import type { Scalar } from '../math/field.ts';
import { l, modScalar, scalarFromBytes } from '../math/field.ts';
import { eighthOfBase } from '../proofs/eighth.ts';
import type { RandomBytes } from '../random.ts';

/** Coefficients `a_0 … a_{t−1}` of a secret polynomial; the dealer's part of the key is `a_0`. */
export type Polynomial = readonly Scalar[];

/** A uniform scalar other than 0: a zero coefficient would be committed to as O, which no reveal may hold. */
function drawCoefficient(random: RandomBytes): Scalar {
  for (;;) {
    const scalar = scalarFromBytes(random(48));
    if (scalar !== 0n) return scalar;
  }
}

/** Fresh polynomials of degree `threshold − 1`, one a lane. */
export function drawPolynomials(random: RandomBytes, lanes: number, threshold: number): Polynomial[] {
  const coefficients = (): Scalar[] => Array.from({ length: threshold }, () => drawCoefficient(random));
  return Array.from({ length: lanes }, coefficients);
}

/** `f(index) mod l`. @param index - 1..n; 0 would be the secret itself @throws `ceremony/index` */
export function evaluatePolynomial(polynomial: Polynomial, index: number): Scalar {
  require(Number.isInteger(index) && index >= 1, 'ceremony/index', 'shares belong to indices from 1');
  return polynomial.reduceRight<Scalar>((value, a) => modScalar(value * BigInt(index) + a), modScalar(0n));
}

/** Eighths of the Feldman commitments, `Q[lane][k]` with `8Q = a_k·G` (SPEC §7). */
export function commitPolynomials(polynomials: readonly Polynomial[]): Point[][] {
  return polynomials.map((polynomial) => polynomial.map(eighthOfBase));
}

/** `Σ_k index^k·F[k]`: what the share of `index` must be the logarithm of. */
export function evaluateCommitments(commitments: readonly Point[], index: number): Point {
  require(Number.isInteger(index) && index >= 1, 'ceremony/index', 'shares belong to indices from 1');
  const top = at(commitments, commitments.length - 1);
  return commitments.slice(0, -1).reduceRight((value, F) => add(multiplyPublic(value, BigInt(index)), F), top);
}

/** True if `share` is below l and what the dealer committed to for `index`. */
export function shareHolds(share: bigint, commitments: readonly Point[], index: number): boolean {
  if (share < 0n || share >= l) return false;
  return equalPoints(multiplyBase(share as Scalar), evaluateCommitments(commitments, index));
}
