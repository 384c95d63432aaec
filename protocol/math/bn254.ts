import { bn254 } from '@noble/curves/bn254.js';
import { p } from './field.ts';
import { combine } from './shared-doublings.ts';

/** An element c0 + c1·u of the quadratic extension of BN254's base field. */
export type Quadratic = readonly [c0: bigint, c1: bigint];
/** An affine point of G1. */
export interface G1Point {
  readonly x: bigint;
  readonly y: bigint;
}
/** An affine point of the twist that carries G2. */
export interface G2Point {
  readonly x: Quadratic;
  readonly y: Quadratic;
}

const generator = bn254.G2.Point.BASE.toAffine();
/** The generator of G2 (EIP-197). */
export const G2_GENERATOR: G2Point = {
  x: [generator.x.c0, generator.x.c1],
  y: [generator.y.c0, generator.y.c1],
};

function inField(...coordinates: readonly bigint[]): boolean {
  return coordinates.every((c) => c >= 0n && c < p);
}

/** True for an affine point of G1 with canonical coordinates; the neutral element has none, so never for it. */
export function isG1({ x, y }: G1Point): boolean {
  return inField(x, y) && (y * y - x * x * x - 3n) % p === 0n;
}

/**
 * True for an affine point of the order-r subgroup of the twist with canonical coordinates, as EIP-197 requires.
 * The twist's cofactor has small factors, so the curve equation alone is not enough. About 4 ms.
 */
export function isG2({ x, y }: G2Point): boolean {
  if (!inField(...x, ...y)) return false;
  const point = bn254.G2.Point.fromAffine({ x: { c0: x[0], c1: x[1] }, y: { c0: y[0], c1: y[1] } });
  try {
    point.assertValidity();
  } catch {
    return false;
  }
  // noble takes (0, 0), which is off the curve, for the neutral element.
  return !point.is0() && point.isTorsionFree();
}

/**
 * `start + Σ scalar·point` in G1; public scalars only. The neutral element is (0, 0), as in EIP-196.
 *
 * @param terms - points of G1 with scalars below the group order
 */
export function foldG1(
  start: G1Point,
  terms: readonly { readonly scalar: bigint; readonly point: G1Point }[],
): G1Point {
  const { Point } = bn254.G1;
  // All of them together: they share one chain of doublings.
  const used = terms.filter(({ scalar }) => scalar !== 0n);
  const points = used.map(({ point }) => Point.fromAffine(point));
  const sum = combine(
    Point,
    points,
    used.map(({ scalar }) => scalar),
  );
  const total = Point.fromAffine(start).add(sum);
  const { x, y } = total.is0() ? { x: 0n, y: 0n } : total.toAffine();
  return { x, y };
}
