import { at } from '../../errors.ts';
import { p } from '../field.ts';
import type { PairingEngine, PairingExports } from './engine.ts';
import { writeElements } from './engine.ts';

/**
 * The optimal ate Miller loop of BN254 over many pairs at once. One squaring of the accumulator serves all pairs; the
 * points on the twist stay affine, since their slopes need one shared inversion a step. Lines are divided by the y of
 * their G1 point, which the final exponentiation does not see.
 */

/** Bytes of a pair: Q (x, y), T (x, y), x/y and 1/y of the G1 point. */
export const PAIR_BYTES = 2 * 128 + 64;
const T = 128;
const RATIO = 256;
const INVERSE_Y = 288;
/** Bytes of the work space beside the pairs, a pair. */
export const MILLER_BYTES = 2 * 64 + 128 + 64;
const FIXED_BYTES = 12 * 32 + 24 * 64;

/** 6x + 2 as signed digits, the most significant first. */
const DIGITS = signedDigits(29793968203157093288n);

function signedDigits(n: bigint): number[] {
  const digits: number[] = [];
  for (let rest = n; rest > 0n; rest >>= 1n) {
    const digit = (rest & 1n) === 0n ? 0 : 2 - Number(rest & 3n);
    digits.unshift(digit);
    rest -= BigInt(digit);
  }
  return digits;
}

type Quadratic = readonly [bigint, bigint];

function times([a, b]: Quadratic, [c, d]: Quadratic): Quadratic {
  return [(((a * c - b * d) % p) + p) % p, (a * d + b * c) % p];
}

function power(base: Quadratic, exponent: bigint): Quadratic {
  let [result, square]: [Quadratic, Quadratic] = [[1n, 0n], base];
  for (let e = exponent; e > 0n; e >>= 1n) {
    if ((e & 1n) === 1n) result = times(result, square);
    square = times(square, square);
  }
  return result;
}

/** ξ = 9 + u; ψ(x, y) = (x̄·ξ^((p−1)/3), ȳ·ξ^((p−1)/2)) is the Frobenius carried over to the twist. */
const XI: Quadratic = [9n, 1n];
const PSI_X = power(XI, (p - 1n) / 3n);
const PSI_Y = power(XI, (p - 1n) / 2n);

interface Space {
  readonly denominators: number;
  readonly inverses: number;
  /** ψ(Q), then ψ²(Q), of each pair. */
  readonly images: number;
  readonly f: number;
  readonly t: readonly number[];
  readonly xi: number;
  readonly psi: number;
}

function reserve(engine: PairingEngine, alloc: (bytes: number) => number, count: number): Space {
  const space = {
    denominators: alloc(count * 64),
    inverses: alloc(count * 64),
    images: alloc(count * 128),
    f: alloc(12 * 32),
    t: Array.from({ length: 18 }, () => alloc(64)),
    xi: alloc(64),
    psi: alloc(128),
  };
  writeElements(engine, space.xi, XI);
  writeElements(engine, space.psi, [...PSI_X, ...PSI_Y]);
  return space;
}

/** Upper bound of the bytes that {@link multiMiller} allocates for `count` pairs, with the inversions' own. */
export function millerBytes(count: number): number {
  return count * MILLER_BYTES + (count + 2) * 64 + FIXED_BYTES + 4096;
}

/**
 * Multiplies the Miller functions of all pairs.
 *
 * @param pairs - address of `count` pairs with Q, x/y and 1/y filled in, in Montgomery form
 * @returns the address of the product, and the indices of pairs whose Q is outside the order-r subgroup (then the product means nothing)
 */
export function multiMiller(
  engine: PairingEngine,
  alloc: (bytes: number) => number,
  pairs: number,
  count: number,
): { readonly product: number; readonly outside: readonly number[] } {
  const { wasm } = engine;
  const space = reserve(engine, alloc, count);
  const outside = new Set<number>();
  const each = (step: (pair: number, k: number) => void): void => {
    for (let k = 0; k < count; k++) step(pairs + k * PAIR_BYTES, k);
  };
  const invertAll = (): void => {
    wasm.f2m_batchInverse(space.denominators, 64, count, space.inverses, 64);
    // A point of the subgroup never meets a vanishing slope denominator.
    for (let k = 0; k < count; k++) if (wasm.f2m_isZero(space.inverses + k * 64) !== 0) outside.add(k);
  };
  const addAll = (pointOf: (pair: number, k: number) => number, negative: boolean): void => {
    each((pair, k) => wasm.f2m_sub(pair + T, pointOf(pair, k), space.denominators + k * 64));
    invertAll();
    each((pair, k) => addStep(wasm, space, pair, pointOf(pair, k), space.inverses + k * 64, negative));
  };
  wasm.ftm_one(space.f);
  each((pair) => {
    wasm.f2m_copy(pair, pair + T);
    wasm.f2m_copy(pair + 64, pair + T + 64);
  });
  for (const digit of DIGITS.slice(1)) {
    wasm.ftm_square(space.f, space.f);
    each((pair, k) => wasm.f2m_add(pair + T + 64, pair + T + 64, space.denominators + k * 64));
    invertAll();
    each((pair, k) => doubleStep(wasm, space, pair, space.inverses + k * 64));
    if (digit !== 0) addAll((pair) => pair, digit < 0);
  }
  const image = (_: number, k: number): number => space.images + k * 128;
  each((pair, k) => psi(wasm, space, pair, image(pair, k)));
  addAll(image, false);
  each((pair, k) => psi(wasm, space, image(pair, k), image(pair, k)));
  addAll(image, true);
  each((pair, k) => {
    if (!endsInside(wasm, space, pair, image(pair, k))) outside.add(k);
  });
  return { product: space.f, outside: [...outside].sort((a, b) => a - b) };
}

/** T ← 2T, f ← f·(tangent at T)(P). */
function doubleStep(wasm: PairingExports, { f, t, xi }: Space, pair: number, inverse: number): void {
  const [slope, square, x] = [at(t, 0), at(t, 1), at(t, 2)];
  const [tx, ty] = [pair + T, pair + T + 64];
  wasm.f2m_square(tx, square);
  wasm.f2m_add(square, square, slope);
  wasm.f2m_add(slope, square, slope);
  wasm.f2m_mul(slope, inverse, slope);
  wasm.f2m_square(slope, x);
  wasm.f2m_sub(x, tx, x);
  wasm.f2m_sub(x, tx, x);
  step(wasm, f, t, xi, pair, slope, x, ty);
}

/** T ← T ± S, f ← f·(line through T and ±S)(P). */
function addStep(
  wasm: PairingExports,
  { f, t, xi }: Space,
  pair: number,
  S: number,
  inverse: number,
  negative: boolean,
): void {
  const [slope, x] = [at(t, 0), at(t, 2)];
  const [tx, ty] = [pair + T, pair + T + 64];
  if (negative) wasm.f2m_add(ty, S + 64, slope);
  else wasm.f2m_sub(ty, S + 64, slope);
  wasm.f2m_mul(slope, inverse, slope);
  wasm.f2m_square(slope, x);
  wasm.f2m_sub(x, tx, x);
  wasm.f2m_sub(x, S, x);
  step(wasm, f, t, xi, pair, slope, x, ty);
}

/** The line of `slope` through T, evaluated and multiplied in; then T becomes the third point, whose x is given, negated. */
function step(
  wasm: PairingExports,
  f: number,
  t: readonly number[],
  xi: number,
  pair: number,
  slope: number,
  x: number,
  ty: number,
): void {
  const [a, b, y] = [at(t, 3), at(t, 4), at(t, 5)];
  const tx = pair + T;
  wasm.f2m_mul(slope, tx, b);
  wasm.f2m_sub(b, ty, b);
  wasm.f2m_sub(tx, x, y);
  wasm.f2m_mul(slope, y, y);
  wasm.f2m_sub(y, ty, ty);
  wasm.f2m_copy(x, tx);
  wasm.f2m_mul1(slope, pair + RATIO, a);
  wasm.f2m_neg(a, a);
  wasm.f2m_mul1(b, pair + INVERSE_Y, b);
  multiplyLine(wasm, f, a, b, xi, t);
}

/** f ← f·(1 + (a + b·v)·w) with w² = v, v³ = ξ: twelve multiplications. */
function multiplyLine(wasm: PairingExports, f: number, a: number, b: number, xi: number, t: readonly number[]): void {
  const [sum, xb] = [at(t, 6), at(t, 7)];
  wasm.f2m_add(a, b, sum);
  wasm.f2m_mul(xi, b, xb);
  sparse(wasm, f, a, b, sum, xb, t, 8);
  sparse(wasm, f + 192, a, b, sum, xb, t, 11);
  const [l0, l1, l2, h0, h1, h2] = [at(t, 8), at(t, 9), at(t, 10), at(t, 11), at(t, 12), at(t, 13)];
  wasm.f2m_mul(xi, h2, h2);
  wasm.f2m_add(f, h2, f);
  wasm.f2m_add(f + 64, h0, f + 64);
  wasm.f2m_add(f + 128, h1, f + 128);
  wasm.f2m_add(f + 192, l0, f + 192);
  wasm.f2m_add(f + 256, l1, f + 256);
  wasm.f2m_add(f + 320, l2, f + 320);
}

/** `t[out…out+2]` ← (c₀, c₁, c₂)·(a + b·v) of the sextic extension; `sum = a + b`, `xb = ξ·b`. */
function sparse(
  wasm: PairingExports,
  c: number,
  a: number,
  b: number,
  sum: number,
  xb: number,
  t: readonly number[],
  out: number,
): void {
  const [r0, r1, r2, u, v] = [at(t, out), at(t, out + 1), at(t, out + 2), at(t, 14), at(t, 15)];
  wasm.f2m_mul(c, a, u);
  wasm.f2m_mul(c + 64, b, v);
  wasm.f2m_add(c, c + 64, r1);
  wasm.f2m_mul(r1, sum, r1);
  wasm.f2m_sub(r1, u, r1);
  wasm.f2m_sub(r1, v, r1);
  wasm.f2m_mul(c + 128, xb, r0);
  wasm.f2m_add(r0, u, r0);
  wasm.f2m_mul(c + 128, a, r2);
  wasm.f2m_add(r2, v, r2);
}

function psi(wasm: PairingExports, space: Space, from: number, to: number): void {
  wasm.f2m_conjugate(from, to);
  wasm.f2m_mul(to, space.psi, to);
  wasm.f2m_conjugate(from + 64, to + 64);
  wasm.f2m_mul(to + 64, space.psi + 64, to + 64);
}

/**
 * Q is in the subgroup iff `[6x+2]Q + ψ(Q) − ψ²(Q) + ψ³(Q) = O`: the left side is T + ψ³(Q) here. Sufficient because the
 * norm of `6x + 2 + ψ − ψ² + ψ³` and the twist's cofactor `2p − r` have no common factor (a test computes it).
 *
 * @param image - ψ²(Q)
 */
function endsInside(wasm: PairingExports, space: Space, pair: number, image: number): boolean {
  psi(wasm, space, image, image);
  wasm.f2m_neg(image + 64, image + 64);
  return wasm.f2m_eq(pair + T, image) !== 0 && wasm.f2m_eq(pair + T + 64, image + 64) !== 0;
}

/** Fills RATIO = X·Z/Y and INVERSE_Y = Z³/Y of pairs from Jacobian G1 points; none may be O. */
export function setRatios(
  engine: PairingEngine,
  alloc: (bytes: number) => number,
  pairs: number,
  points: number,
  count: number,
): void {
  const { wasm } = engine;
  const inverses = alloc(count * 32);
  wasm.f1m_batchInverse(points + 32, 96, count, inverses, 32);
  for (let k = 0; k < count; k++) {
    const [X, Z, inverse] = [points + k * 96, points + k * 96 + 64, inverses + k * 32];
    const [ratio, inverseY] = [pairs + k * PAIR_BYTES + RATIO, pairs + k * PAIR_BYTES + INVERSE_Y];
    wasm.f1m_mul(Z, inverse, inverse);
    wasm.f1m_mul(X, inverse, ratio);
    wasm.f1m_square(Z, inverseY);
    wasm.f1m_mul(inverseY, inverse, inverseY);
  }
}
