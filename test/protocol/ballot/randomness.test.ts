import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PAIRS, drawRandomness, randomnessScalar } from '../../../protocol/ballot/randomness.ts';
import type { Randomness } from '../../../protocol/ballot/randomness.ts';
import { l } from '../../../protocol/math/field.ts';

const bytes = fc.uint8Array({ minLength: 31, maxLength: 31 });
const from = (drawn: Uint8Array): Randomness => drawRandomness(() => drawn);

/** SPEC §10.5, digit by digit, apart from the code. */
function reference({ top, sign, pair }: Randomness): bigint {
  const digit = (bit: number): bigint => BigInt(2 * bit - 1);
  const alpha = (k: number): bigint => digit(sign[122 - k]!) * digit(pair[122 - k]!);
  let [a, b] = [digit(top) * (1n << 124n) - digit(top) * (1n << 123n), (1n << 124n) + (1n << 123n)];
  for (let k = 0; k <= 122; k++) {
    a += alpha(k) * (1n << BigInt(k));
    b += digit(sign[122 - k]!) * (1n << BigInt(k));
  }
  return a + (b << 125n);
}

describe('drawRandomness', () => {
  it('uses 247 bits, each of them', () => {
    fc.assert(
      fc.property(bytes, fc.nat(246), (drawn, bit) => {
        const flipped = Uint8Array.from(drawn);
        flipped[bit >> 3]! ^= 1 << (bit & 7);
        expect(randomnessScalar(from(flipped))).not.toBe(randomnessScalar(from(drawn)));
      }),
    );
  });

  it('refuses a source that returns fewer bytes', () => {
    expect(() => from(new Uint8Array(30))).toThrow(expect.objectContaining({ code: 'randomness/bytes' }));
  });
});

describe('randomnessScalar', () => {
  it('is A + 2^125·B of SPEC §10.5, and never leaves (0, 2^250)', () => {
    fc.assert(
      fc.property(bytes, (drawn) => {
        const randomness = from(drawn);
        const rho = randomnessScalar(randomness);
        expect(rho).toBe(reference(randomness));
        expect(rho > 0n && rho < 1n << 250n && rho < l).toBe(true);
      }),
    );
  });

  it('refuses another number of digits', () => {
    const digits = Array.from({ length: PAIRS }, () => 0 as const);
    expect(() => randomnessScalar({ top: 0, sign: digits, pair: digits.slice(1) })).toThrow(
      expect.objectContaining({ code: 'randomness/digits' }),
    );
  });
});
