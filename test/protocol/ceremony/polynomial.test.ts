import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { combineKeys, combineShares } from '../../../protocol/ceremony/keys.ts';
import {
  commitPolynomials,
  drawPolynomials,
  evaluateCommitments,
  evaluatePolynomial,
  shareHolds,
} from '../../../protocol/ceremony/polynomial.ts';
import { G, equalPoints, multiplyBase, negate } from '../../../protocol/math/curve.ts';
import { l, mod, toScalar } from '../../../protocol/math/field.ts';
import { fromEighth } from '../../../protocol/proofs/eighth.ts';
import { lagrangeCoefficients } from '../../../protocol/tally/combine.ts';
import { streamOf } from '../stream.ts';

const refused = (code: string): unknown => expect.objectContaining({ code });

describe('drawPolynomials', () => {
  it('draws every coefficient afresh', () => {
    const polynomials = drawPolynomials(streamOf('draw'), 4, 3);
    expect(polynomials.map((f) => f.length)).toEqual([3, 3, 3, 3]);
    expect(new Set(polynomials.flat()).size).toBe(12);
  });

  it('draws again instead of a zero, which would be committed to as O', () => {
    let calls = 0;
    const random = (length: number): Uint8Array => new Uint8Array(length).fill(calls++ === 0 ? 0 : 7);
    expect(drawPolynomials(random, 1, 1)[0]![0]).not.toBe(0n);
    expect(calls).toBe(2);
  });
});

describe('shares', () => {
  it('match the commitments at their own index only, and interpolate to the constant term', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 5 }), (seed, threshold) => {
        const [f] = drawPolynomials(streamOf(seed), 1, threshold);
        const F = commitPolynomials([f!])[0]!.map((Q) => fromEighth(Q));
        const indices = [2, 3, 5, 7, 11].slice(0, threshold);
        const shares = indices.map((m) => evaluatePolynomial(f!, m));
        expect(shares.every((share, i) => shareHolds(share, F, indices[i]!))).toBe(true);
        if (threshold > 1) expect(shareHolds(shares[0]!, F, indices[0]! + 1)).toBe(false);
        expect(shareHolds(shares[0]! + l, F, indices[0]!)).toBe(false);
        expect(shareHolds(shares[0]! - l, F, indices[0]!)).toBe(false);
        const lambda = lagrangeCoefficients(indices);
        expect(
          mod(
            shares.reduce((total, share, i) => total + share * lambda[i]!, 0n),
            l,
          ),
        ).toBe(f![0]);
      }),
      { numRuns: 10 },
    );
  });

  it('have no index 0: that would be the secret', () => {
    const [f] = drawPolynomials(streamOf('zero'), 1, 2);
    for (const index of [0, -1, 1.5]) {
      expect(() => evaluatePolynomial(f!, index)).toThrow(refused('ceremony/index'));
      expect(() => evaluateCommitments([G, G], index)).toThrow(refused('ceremony/index'));
    }
  });
});

describe('combineKeys', () => {
  it('adds constants for PK and evaluates the sums for VK', () => {
    const polynomials = new Map([1, 4].map((i) => [i, drawPolynomials(streamOf(`dealer ${i}`), 2, 2)]));
    const commitments = new Map(
      [...polynomials].map(([i, f]) => [i, commitPolynomials(f).map((lane) => lane.map((Q) => fromEighth(Q)))]),
    );
    const keys = combineKeys(commitments);
    for (const m of [1, 4]) {
      const shares = combineShares([...polynomials.values()].map((f) => f.map((lane) => evaluatePolynomial(lane, m))));
      expect(shares.map(multiplyBase)).toEqual(keys.verificationKeys.get(m));
    }
    const secret = toScalar(mod(polynomials.get(1)![0]![0]! + polynomials.get(4)![0]![0]!, l));
    expect(equalPoints(keys.publicKeys[0]!, multiplyBase(secret))).toBe(true);
  });

  it('refuses PK = O', () => {
    expect(() =>
      combineKeys(
        new Map([
          [1, [[G, G]]],
          [2, [[negate(G), G]]],
        ]),
      ),
    ).toThrow(refused('ceremony/key-identity'));
  });
});
