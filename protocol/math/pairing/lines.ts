import { at } from '../../errors.ts';
import type { PairingExports } from './engine.ts';

/** Layout of a pair, by offset: Q, the running point T (x, y each), then x/y and 1/y of the G1 point. */
export const PAIR = { Q: 0, T: 128, RATIO: 256, INVERSE_Y: 288, BYTES: 320 } as const;

/** Addresses that the steps work with; `f` is the accumulator of all pairs. */
export interface LineSpace {
  readonly f: number;
  readonly slope: number;
  readonly square: number;
  readonly x: number;
  readonly y: number;
  /** The line 1 + (a + b·v)·w, with a + b and ξ·b. */
  readonly line: { readonly a: number; readonly b: number; readonly sum: number; readonly xb: number };
  readonly low: readonly number[];
  readonly high: readonly number[];
  readonly products: readonly number[];
}

/** Bytes of a {@link LineSpace}, rounded up. */
export const LINE_SPACE_BYTES = 2048;

export function reserveLines(alloc: (bytes: number) => number): LineSpace {
  const one = (): number => alloc(64);
  return {
    f: alloc(384),
    slope: one(),
    square: one(),
    x: one(),
    y: one(),
    line: { a: one(), b: one(), sum: one(), xb: one() },
    low: [one(), one(), one()],
    high: [one(), one(), one()],
    products: [one(), one()],
  };
}

/** T ← 2T, f ← f·(tangent at T)(P). @param inverse - address of 1/(2y) of T */
export function doubleStep(wasm: PairingExports, space: LineSpace, pair: number, inverse: number): void {
  const { slope, square, x } = space;
  const tx = pair + PAIR.T;
  wasm.f2m_square(tx, square);
  wasm.f2m_add(square, square, slope);
  wasm.f2m_add(slope, square, slope);
  wasm.f2m_mul(slope, inverse, slope);
  wasm.f2m_square(slope, x);
  wasm.f2m_sub(x, tx, x);
  wasm.f2m_sub(x, tx, x);
  finishStep(wasm, space, pair);
}

/**
 * T ← T ± S, f ← f·(line through T and ±S)(P).
 *
 * @param inverse - address of 1/(x of T − x of S)
 */
export function addStep(
  wasm: PairingExports,
  space: LineSpace,
  pair: number,
  S: number,
  inverse: number,
  negative: boolean,
): void {
  const { slope, x } = space;
  const tx = pair + PAIR.T;
  if (negative) wasm.f2m_add(tx + 64, S + 64, slope);
  else wasm.f2m_sub(tx + 64, S + 64, slope);
  wasm.f2m_mul(slope, inverse, slope);
  wasm.f2m_square(slope, x);
  wasm.f2m_sub(x, tx, x);
  wasm.f2m_sub(x, S, x);
  finishStep(wasm, space, pair);
}

/** Multiplies the line of `slope` through T in, then moves T to the sum, whose x is there already. */
function finishStep(wasm: PairingExports, space: LineSpace, pair: number): void {
  const { slope, x, y } = space;
  const { a, b } = space.line;
  const [tx, ty] = [pair + PAIR.T, pair + PAIR.T + 64];
  wasm.f2m_mul(slope, tx, b);
  wasm.f2m_sub(b, ty, b);
  wasm.f2m_sub(tx, x, y);
  wasm.f2m_mul(slope, y, y);
  wasm.f2m_sub(y, ty, ty);
  wasm.f2m_copy(x, tx);
  wasm.f2m_mul1(slope, pair + PAIR.RATIO, a);
  wasm.f2m_neg(a, a);
  wasm.f2m_mul1(b, pair + PAIR.INVERSE_Y, b);
  multiplyLine(wasm, space);
}

/** `result` ← ξ·x = (9·x₀ − x₁) + (9·x₁ + x₀)·u; the addresses differ. */
function timesXi(wasm: PairingExports, x: number, result: number): void {
  wasm.f2m_add(x, x, result);
  wasm.f2m_add(result, result, result);
  wasm.f2m_add(result, result, result);
  wasm.f2m_add(result, x, result);
  wasm.f1m_sub(result, x + 32, result);
  wasm.f1m_add(result + 32, x, result + 32);
}

/** f ← f·(1 + (a + b·v)·w) with w² = v, v³ = ξ: ten multiplications. */
function multiplyLine(wasm: PairingExports, space: LineSpace): void {
  const { f, low, high, products } = space;
  const { a, b, sum, xb } = space.line;
  wasm.f2m_add(a, b, sum);
  timesXi(wasm, b, xb);
  timesLine(wasm, space, f, low);
  timesLine(wasm, space, f + 192, high);
  const last = at(products, 0);
  timesXi(wasm, at(high, 2), last);
  wasm.f2m_add(f, last, f);
  wasm.f2m_add(f + 64, at(high, 0), f + 64);
  wasm.f2m_add(f + 128, at(high, 1), f + 128);
  for (let i = 0; i < 3; i++) wasm.f2m_add(f + 192 + 64 * i, at(low, i), f + 192 + 64 * i);
}

/** `result` ← c·(a + b·v) for c = (c₀, c₁, c₂) of the sextic extension: five multiplications. */
function timesLine(wasm: PairingExports, { line, products }: LineSpace, c: number, result: readonly number[]): void {
  const { a, b, sum, xb } = line;
  const [r0, r1, r2] = [at(result, 0), at(result, 1), at(result, 2)];
  const [first, second] = [at(products, 0), at(products, 1)];
  wasm.f2m_mul(c, a, first);
  wasm.f2m_mul(c + 64, b, second);
  wasm.f2m_add(c, c + 64, r1);
  wasm.f2m_mul(r1, sum, r1);
  wasm.f2m_sub(r1, first, r1);
  wasm.f2m_sub(r1, second, r1);
  wasm.f2m_mul(c + 128, xb, r0);
  wasm.f2m_add(r0, first, r0);
  wasm.f2m_mul(c + 128, a, r2);
  wasm.f2m_add(r2, second, r2);
}
