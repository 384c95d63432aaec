import type { PairingEngine, PairingExports } from './engine.ts';
import { writePsi, writePsiFactors } from './frobenius.ts';
import { LINE_SPACE_BYTES, PAIR, addStep, doubleStep, reserveLines } from './lines.ts';

/** 6x + 2 of BN254 as signed digits, the most significant first. */
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

/** Upper bound of the bytes that {@link multiMiller} and {@link setRatios} take for `count` pairs, with the inversions' own. */
export function millerBytes(count: number): number {
  return (count + 2) * (64 + 32 + 64 + 128 + 32 + 32) + LINE_SPACE_BYTES + 256;
}

/** A product of Miller functions. */
export interface MillerProduct {
  /** Its address. */
  readonly product: number;
  /** Indices of pairs whose Q is outside the order-r subgroup, ascending; if there are any, the product means nothing. */
  readonly outside: readonly number[];
}

/**
 * The optimal ate Miller loop of BN254 over many pairs at once. One squaring of the accumulator serves all pairs; the
 * points on the twist stay affine, since their slopes need one shared inversion a step. Lines are divided by the y of
 * their G1 point, which the final exponentiation does not see.
 *
 * @param pairs - address of `count` pairs with Q and both ratios filled in, in Montgomery form; Q on the twist, not O
 */
export function multiMiller(
  engine: PairingEngine,
  alloc: (bytes: number) => number,
  pairs: number,
  count: number,
): MillerProduct {
  const { wasm } = engine;
  const space = reserveLines(alloc);
  const [denominators, norms, inverses] = [alloc(count * 64), alloc(count * 32), alloc(count * 64)];
  const [images, factors] = [alloc(count * 128), alloc(128)];
  writePsiFactors(engine, factors);
  const outside = new Set<number>();
  const each = (step: (pair: number, k: number) => void): void => {
    for (let k = 0; k < count; k++) step(pairs + k * PAIR.BYTES, k);
  };
  const invertAll = (): void => invertSlopes(wasm, { denominators, norms, inverses }, count, outside);
  const addAll = (pointOf: (pair: number, k: number) => number, negative: boolean): void => {
    each((pair, k) => wasm.f2m_sub(pair + PAIR.T, pointOf(pair, k), denominators + k * 64));
    invertAll();
    each((pair, k) => addStep(wasm, space, pair, pointOf(pair, k), inverses + k * 64, negative));
  };
  const image = (_: number, k: number): number => images + k * 128;
  wasm.ftm_one(space.f);
  each((pair) => copyPoint(wasm, pair + PAIR.Q, pair + PAIR.T));
  for (const digit of DIGITS.slice(1)) {
    wasm.ftm_square(space.f, space.f);
    each((pair, k) => wasm.f2m_add(pair + PAIR.T + 64, pair + PAIR.T + 64, denominators + k * 64));
    invertAll();
    each((pair, k) => doubleStep(wasm, space, pair, inverses + k * 64));
    if (digit !== 0) addAll((pair) => pair + PAIR.Q, digit < 0);
  }
  each((pair, k) => writePsi(wasm, factors, pair + PAIR.Q, image(pair, k)));
  addAll(image, false);
  each((pair, k) => writePsi(wasm, factors, image(pair, k), image(pair, k)));
  addAll(image, true);
  each((pair, k) => {
    if (!endsInside(wasm, factors, pair, image(pair, k))) outside.add(k);
  });
  return { product: space.f, outside: [...outside].sort((a, b) => a - b) };
}

/**
 * Inverts all slope denominators by their norms. A point of the subgroup never meets a vanishing one; whoever does is
 * noted in `outside`.
 */
function invertSlopes(
  wasm: PairingExports,
  { denominators, norms, inverses }: { denominators: number; norms: number; inverses: number },
  count: number,
  outside: Set<number>,
): void {
  for (let k = 0; k < count; k++) {
    const [d, norm, spare] = [denominators + k * 64, norms + k * 32, inverses + k * 64];
    wasm.f1m_square(d, norm);
    wasm.f1m_square(d + 32, spare);
    wasm.f1m_add(norm, spare, norm);
    if (wasm.f1m_isZero(norm) !== 0) outside.add(k);
  }
  wasm.f1m_batchInverse(norms, 32, count, norms, 32);
  for (let k = 0; k < count; k++) {
    const [d, norm, inverse] = [denominators + k * 64, norms + k * 32, inverses + k * 64];
    wasm.f1m_mul(d, norm, inverse);
    wasm.f1m_mul(d + 32, norm, inverse + 32);
    wasm.f1m_neg(inverse + 32, inverse + 32);
  }
}

function copyPoint(wasm: PairingExports, from: number, to: number): void {
  wasm.f2m_copy(from, to);
  wasm.f2m_copy(from + 64, to + 64);
}

/**
 * Q is in the subgroup iff `[6x+2]Q + ψ(Q) − ψ²(Q) + ψ³(Q) = O`: the left side is T + ψ³(Q) here. Sufficient because the
 * norm of `6x + 2 + ψ − ψ² + ψ³` and the twist's cofactor `2p − r` have no common factor (a test computes it).
 *
 * @param image - address of ψ²(Q); overwritten
 */
function endsInside(wasm: PairingExports, factors: number, pair: number, image: number): boolean {
  writePsi(wasm, factors, image, image);
  wasm.f2m_neg(image + 64, image + 64);
  return wasm.f2m_eq(pair + PAIR.T, image) !== 0 && wasm.f2m_eq(pair + PAIR.T + 64, image + 64) !== 0;
}

/** Fills in x/y = X·Z/Y and 1/y = Z³/Y of pairs from `count` Jacobian points of G1 at `points`, none of them O. */
export function setRatios(
  { wasm }: PairingEngine,
  alloc: (bytes: number) => number,
  pairs: number,
  points: number,
  count: number,
): void {
  const inverses = alloc(count * 32);
  wasm.f1m_batchInverse(points + 32, 96, count, inverses, 32);
  for (let k = 0; k < count; k++) {
    const [X, Z, inverse] = [points + k * 96, points + k * 96 + 64, inverses + k * 32];
    const [ratio, inverseY] = [pairs + k * PAIR.BYTES + PAIR.RATIO, pairs + k * PAIR.BYTES + PAIR.INVERSE_Y];
    wasm.f1m_mul(Z, inverse, inverse);
    wasm.f1m_mul(X, inverse, ratio);
    wasm.f1m_square(Z, inverseY);
    wasm.f1m_mul(inverseY, inverse, inverseY);
  }
}
