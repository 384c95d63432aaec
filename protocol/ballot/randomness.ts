import { at, require } from '../errors.ts';
import { modScalar } from '../math/field.ts';
import type { Scalar } from '../math/field.ts';
import type { RandomBytes } from '../random.ts';

/** Digit pairs below the two fixed top ones. */
export const PAIRS = 123;

/**
 * The randomness of an update in the circuit's digits (SPEC §10.5), each 0 or 1 for −1 or +1; most significant first.
 * Secret: erase it after proving.
 */
export interface Randomness {
  readonly top: 0 | 1;
  readonly sign: readonly (0 | 1)[];
  readonly pair: readonly (0 | 1)[];
}

/** Random bytes that {@link drawRandomness} takes: 247 bits are used. */
export const RANDOMNESS_BYTES = 31;

/** Uniform over the 2^247 values there are (SPEC §10.5). */
export function drawRandomness(random: RandomBytes): Randomness {
  const bytes = random(RANDOMNESS_BYTES);
  require(bytes.length === RANDOMNESS_BYTES, 'randomness/bytes', `expected ${RANDOMNESS_BYTES} random bytes`);
  const bit = (i: number): 0 | 1 => ((at([...bytes.subarray(i >> 3, (i >> 3) + 1)], 0) >> (i & 7)) & 1) as 0 | 1;
  const bits = (start: number): (0 | 1)[] => Array.from({ length: PAIRS }, (_, i) => bit(start + i));
  return { top: bit(0), sign: bits(1), pair: bits(1 + PAIRS) };
}

/** ρ as an exponent: A + 2^125·B, 0 < ρ < 2^250 (SPEC §10.5). */
export function randomnessScalar({ top, sign, pair }: Randomness): Scalar {
  require(sign.length === PAIRS && pair.length === PAIRS, 'randomness/digits', `expected ${PAIRS} digit pairs`);
  const digit = (bit: 0 | 1): bigint => (bit === 1 ? 1n : -1n);
  // The two top pairs: β = +1 twice, α opposed.
  let low = digit(top);
  let high = 3n;
  sign.forEach((bit, i) => {
    const beta = digit(bit);
    low = 2n * low + beta * digit(at(pair, i));
    high = 2n * high + beta;
  });
  return modScalar(low + (high << 125n));
}
