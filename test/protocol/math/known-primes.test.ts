import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import { p, r } from '../../../protocol/math/field.ts';

/** What the two modules have in common. */
interface Primes {
  isPrime(number: bigint): boolean;
}

const require = createRequire(import.meta.url);
const own = require('../../../node_modules/wasmcurves/src/bigint.js') as Primes;
const known = require('../../../bundling/known-primes.cjs') as Primes;

describe('known primes', () => {
  it('are prime, as the package itself finds out', () => {
    expect([p, r].map(own.isPrime)).toEqual([true, true]);
    expect([p, r].map(known.isPrime)).toEqual([true, true]);
  });

  it('are these two alone', () => {
    for (const number of [p - 2n, p + 2n, r - 2n, p * r, 1n, 7n])
      expect(known.isPrime(number)).toBe(own.isPrime(number));
    expect(known.isPrime(p * r)).toBe(false);
  });
});
