import { babyjubjub } from '@noble/curves/misc.js';
import type { Hex } from '../encoding.ts';
import { decodeHex, decodeNumber, encodeHex, encodeWord, concatBytes } from '../encoding.ts';
import { at, require } from '../errors.ts';
import type { Scalar } from './field.ts';
import { l, modScalar, r } from './field.ts';
import { combine } from './shared-doublings.ts';

// BabyJubJub (EIP-2494): 168700·x² + y² = 1 + 168696·x²·y² over the BN254 scalar field; the one importer of noble's curve.
const Group = babyjubjub.Point;
type Internal = InstanceType<typeof Group>;

declare const pointBrand: unique symbol;
/** An affine point of BabyJubJub's prime subgroup (order l), possibly O = (0, 1). */
export interface Point {
  readonly x: bigint;
  readonly y: bigint;
  readonly [pointBrand]?: true;
}

function inner(point: Point): Internal {
  return Group.fromAffine({ x: point.x, y: point.y });
}

function outer(point: Internal): Point {
  const { x, y } = point.toAffine();
  return { x, y };
}

/** The generator G = Base8 of the prime subgroup. */
export const G: Point = outer(Group.BASE);
/** The neutral element O = (0, 1). */
export const O: Point = { x: 0n, y: 1n };

/** True for the neutral element. */
export function isIdentity(point: Point): boolean {
  return point.x === 0n && point.y === 1n;
}

export function equalPoints(a: Point, b: Point): boolean {
  return a.x === b.x && a.y === b.y;
}

/** True if the coordinates are below r, on the curve and in the prime subgroup (O included). */
export function isInSubgroup(point: Point): boolean {
  return isOnCurve(point) && inner(point).isTorsionFree();
}

/** True if the coordinates are below r and satisfy the curve equation. */
export function isOnCurve({ x, y }: Point): boolean {
  if (x < 0n || y < 0n || x >= r || y >= r) return false;
  const xx = (x * x) % r;
  const yy = (y * y) % r;
  return (168700n * xx + yy) % r === (1n + ((168696n * xx) % r) * yy) % r;
}

/**
 * The point with these coordinates.
 *
 * @throws `point/invalid` if a coordinate is ≥ r, the point is off the curve, outside the subgroup, or O while `allowIdentity` is not given
 */
export function toPoint(x: bigint, y: bigint, options: { readonly allowIdentity?: boolean } = {}): Point {
  const point: Point = { x, y };
  require(isInSubgroup(point), 'point/invalid', 'not a point of the prime subgroup of BabyJubJub');
  require(options.allowIdentity === true ||
    !isIdentity(point), 'point/invalid', 'the neutral element is not allowed here');
  return point;
}

export function add(a: Point, b: Point): Point {
  return outer(inner(a).add(inner(b)));
}

export function negate(a: Point): Point {
  return { x: a.x === 0n ? 0n : r - a.x, y: a.y };
}

export function subtract(a: Point, b: Point): Point {
  return add(a, negate(b));
}

/** k·P, constant-time in k as far as bigints allow: for secret k. */
export function multiply(point: Point, k: Scalar): Point {
  if (k === 0n || isIdentity(point)) return O;
  return outer(inner(point).multiply(k));
}

/** k·P for public k only (variable time, faster). */
export function multiplyPublic(point: Point, k: bigint): Point {
  const reduced = ((k % l) + l) % l;
  return reduced === 0n || isIdentity(point) ? O : outer(inner(point).multiplyUnsafe(reduced));
}

/** `Σ scalars[i]·points[i]` for public scalars only: they share one chain of doublings. */
export function combinePublic(points: readonly Point[], scalars: readonly bigint[]): Point {
  const reduced = points.map((_, i) => modScalar(at(scalars, i)));
  return outer(combine(Group, points.map(inner), reduced));
}

/** k·G. */
export function multiplyBase(k: Scalar): Point {
  return k === 0n ? O : outer(Group.BASE.multiply(k));
}

/** Σ points. */
export function sum(points: readonly Point[]): Point {
  return outer(points.reduce((total, point) => total.add(inner(point)), Group.ZERO));
}

/** 64 bytes x ‖ y, big-endian (SPEC §1.2). */
export function encodePoint(point: Point): Hex {
  return encodeHex(concatBytes(encodeWord(point.x), encodeWord(point.y)));
}

/** Strict inverse of {@link encodePoint}. @throws `encoding/hex`, `point/invalid` */
export function decodePoint(text: unknown, options: { readonly allowIdentity?: boolean } = {}): Point {
  const bytes = decodeHex(text, 64);
  return toPoint(decodeNumber(bytes.subarray(0, 32)), decodeNumber(bytes.subarray(32)), options);
}

/** The coordinates of points as words, x then y of each. */
export function pointWords(...points: readonly Point[]): bigint[] {
  return points.flatMap(({ x, y }) => [x, y]);
}
