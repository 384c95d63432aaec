import { describe, expect, it } from '@jest/globals';
import type { Point } from '../../../protocol/math/curve.ts';
import { G, O, add, multiply, multiplyBase, multiplyPublic, sum } from '../../../protocol/math/curve.ts';
import type { Scalar } from '../../../protocol/math/field.ts';
import { l, modScalar, r, toScalar } from '../../../protocol/math/field.ts';
import { drawPolynomials, evaluatePolynomial } from '../../../protocol/ceremony/polynomial.ts';
import {
  combineDecryptions,
  countBounds,
  countsHold,
  lagrangeCoefficients,
  resultHash,
} from '../../../protocol/tally/combine.ts';
import { findUnitCounts } from '../../../protocol/tally/count.ts';
import {
  decodeDecryption,
  decryptionHolds,
  decryptionObject,
  decryptionPoints,
  encodeDecryption,
  makeDecryption,
  recordSum,
} from '../../../protocol/tally/decryption.ts';
import { countPoint, createCountSearch } from '../../../protocol/tally/search/find-counts.ts';
import type { EncryptedSums } from '../../../protocol/tally/units.ts';
import { streamOf } from '../stream.ts';

const refused = (code: string): unknown => expect.objectContaining({ code });
const THRESHOLD = 2;
const polynomials = drawPolynomials(streamOf('keys'), 2, THRESHOLD);
const publicKeys = polynomials.map((f) => multiplyBase(f[0]!));
const shareOf = (trustee: number): Scalar[] => polynomials.map((f) => evaluatePolynomial(f, trustee));
const keysOf = (trustee: number): Point[] => shareOf(trustee).map(multiplyBase);
const place = (trustee: number, unit = 0) => ({
  chainId: 31337n,
  election: '0x00000000000000000000000000000000000000e1' as const,
  unit,
  trustee,
});

/** Votes for four options in two lanes, one randomness a ballot (DESIGN §2.4). */
const votes = [
  [1, 0, 0, 1],
  [0, 1, 0, 1],
  [1, 0, 1, 0],
  [1, 0, 0, 0],
];
function encrypt(v: readonly number[], rho: Scalar): { R: Point; C: Point[] } {
  const C = publicKeys.map((PK, j) => add(multiply(PK, rho), countPoint({ first: v[2 * j]!, second: v[2 * j + 1]! })));
  return { R: multiplyBase(rho), C };
}
const ballots = votes.map((v, i) => encrypt(v, toScalar(1000n + BigInt(i))));
const sums: EncryptedSums = {
  nonEmpty: votes.length,
  R: sum(ballots.map(({ R }) => R)),
  C: [0, 1].map((lane) => sum(ballots.map(({ C }) => C[lane]!))),
};
const bounds = countBounds([1, 1, 1, 1], votes.length);
const decrypt = (trustee: number) =>
  makeDecryption(place(trustee), sums.R, shareOf(trustee), keysOf(trustee), streamOf(`d${trustee}`));
const decryptions = [1, 2, 3].map(decrypt);
const pointsOf = (trustee: number) => ({ trustee, points: decryptionPoints(decryptions[trustee - 1]!) });

describe('the count', () => {
  it('finds what was voted, with any threshold of trustees', () => {
    for (const set of [
      [1, 2],
      [1, 3],
      [3, 2],
    ]) {
      const plain = combineDecryptions(sums, set.map(pointsOf), THRESHOLD);
      const counts = findUnitCounts(plain, bounds, createCountSearch());
      expect(counts).toEqual([3, 1, 1, 2]);
      expect(countsHold(counts, bounds, plain)).toBe(true);
    }
  });

  it('refuses counts shifted by 2^32, which are the same points', () => {
    const plain = combineDecryptions(sums, [1, 2].map(pointsOf), THRESHOLD);
    const shifted = [3 + 2 ** 32, 0, 1, 2];
    expect(countPoint({ first: shifted[0]!, second: shifted[1]! })).toEqual(plain[0]);
    expect(countsHold(shifted, bounds, plain)).toBe(false);
  });

  it.each([
    [[4, 1, 1, 2]],
    [[2, 1, 1, 2]],
    [[3, 1, 2, 1]],
    [[3, 1, 1]],
    [[3, 1, 1, 2, 0]],
    [[3, 1, 1.5, 2]],
    [[3, 1, 1, -2]],
  ])('refuses counts %o', (counts) => {
    expect(countsHold(counts, bounds, combineDecryptions(sums, [1, 2].map(pointsOf), THRESHOLD))).toBe(false);
  });

  it('fails loudly on a wrong decryption that nobody checked', () => {
    const wrong = { trustee: 2, points: pointsOf(2).points.map((point) => add(point, multiplyPublic(G, 1n << 200n))) };
    const plain = combineDecryptions(sums, [pointsOf(1), wrong], THRESHOLD);
    expect(() => findUnitCounts(plain, bounds, createCountSearch())).toThrow(refused('tally/not-found'));
  });

  it('needs exactly the threshold, of different trustees, with all lanes', () => {
    expect(() => combineDecryptions(sums, [pointsOf(1)], THRESHOLD)).toThrow(refused('tally/threshold'));
    expect(() => combineDecryptions(sums, [1, 2, 3].map(pointsOf), THRESHOLD)).toThrow(refused('tally/threshold'));
    expect(() => combineDecryptions(sums, [pointsOf(1), pointsOf(1)], THRESHOLD)).toThrow(refused('tally/indices'));
    expect(() => combineDecryptions(sums, [pointsOf(1), { trustee: 2, points: [G] }], THRESHOLD)).toThrow(
      refused('tally/lanes'),
    );
  });
});

describe('lagrangeCoefficients', () => {
  it('interpolates any polynomial at 0', () => {
    const coefficients = lagrangeCoefficients([1, 3, 4]);
    const f = (x: bigint) => 17n + 5n * x + 3n * x * x;
    expect(modScalar(coefficients[0]! * f(1n) + coefficients[1]! * f(3n) + coefficients[2]! * f(4n))).toBe(17n);
  });

  it.each([[[]], [[0, 1]], [[1, 1]], [[1.5]], [[-1, 2]]])('refuses %o', (indices) => {
    expect(() => lagrangeCoefficients(indices)).toThrow(refused('tally/indices'));
  });
});

describe('makeDecryption', () => {
  it('holds for its own place, sum and keys only', () => {
    expect(decryptionHolds(place(1), sums.R, keysOf(1), decryptions[0]!)).toBe(true);
    expect(decryptionHolds(place(2), sums.R, keysOf(1), decryptions[0]!)).toBe(false);
    expect(decryptionHolds(place(1, 1), sums.R, keysOf(1), decryptions[0]!)).toBe(false);
    expect(decryptionHolds({ ...place(1), chainId: 1n }, sums.R, keysOf(1), decryptions[0]!)).toBe(false);
    expect(decryptionHolds(place(1), add(sums.R, G), keysOf(1), decryptions[0]!)).toBe(false);
    expect(decryptionHolds(place(1), sums.R, keysOf(2), decryptions[0]!)).toBe(false);
    expect(decryptionHolds(place(1), O, keysOf(1), decryptions[0]!)).toBe(false);
  });

  it.each<[string, Point]>([
    ['O', O],
    ['a point of low order', { x: 0n, y: r - 1n }],
    ['a point outside the subgroup', add(G, { x: 0n, y: r - 1n })],
    ['a point off the curve', { x: 1n, y: 1n }],
  ])('refuses %s as sum', (_, R) => {
    expect(() => makeDecryption(place(1), R, shareOf(1), keysOf(1), streamOf('x'))).toThrow(refused('decryption/sum'));
  });

  it('refuses a share that is not the key’s', () => {
    expect(() => makeDecryption(place(1), sums.R, shareOf(2), keysOf(1), streamOf('x'))).toThrow(
      refused('decryption/key'),
    );
    expect(() => makeDecryption(place(1), sums.R, shareOf(1).slice(1), keysOf(1), streamOf('x'))).toThrow(
      refused('decryption/key'),
    );
  });
});

describe('decodeDecryption', () => {
  const words = encodeDecryption(decryptions[0]!);

  it('inverts encodeDecryption', () => {
    expect(decodeDecryption(words, 2)).toEqual(decryptions[0]);
    expect(words).toHaveLength(9);
  });

  it.each<[string, string, bigint[]]>([
    ['a word too few', 'decryption/length', words.slice(1)],
    ['a coordinate + r', 'point/invalid', words.map((x, i) => (i === 4 ? x + r : x))],
    ['a point off the curve', 'point/invalid', words.map((x, i) => (i === 0 ? x ^ 1n : x))],
    ['z ≥ l', 'decryption/response', words.map((x, i) => (i === 8 ? x + l : x))],
  ])('refuses %s', (_, code, altered) => {
    expect(() => decodeDecryption(altered, 2)).toThrow(refused(code));
  });

  it('is signed together with its unit', () => {
    expect(decryptionObject(0, words)).not.toBe(decryptionObject(1, words));
  });
});

describe('recordSum', () => {
  it('takes one sum a unit for ever: a second may be somebody’s ballot', () => {
    const journal = recordSum(new Map(), 0, sums.R);
    expect(recordSum(journal, 0, sums.R).get(0)).toEqual(sums.R);
    expect(recordSum(journal, 1, ballots[0]!.R).size).toBe(2);
    expect(() => recordSum(journal, 0, ballots[0]!.R)).toThrow(refused('decryption/other-sum'));
  });
});

describe('resultHash', () => {
  it('binds states, turnout, counts and their order', () => {
    const unit = { state: 'open' as const, nonEmpty: 4, counts: [3, 1, 1, 2] };
    const empty = { state: 'empty' as const, nonEmpty: 0, counts: [0, 0, 0, 0] };
    const hashes = [
      resultHash([unit, empty]),
      resultHash([empty, unit]),
      resultHash([{ ...unit, nonEmpty: 5 }, empty]),
      resultHash([{ ...unit, counts: [1, 3, 1, 2] }, empty]),
      resultHash([{ ...unit, state: 'withheld' }, empty]),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});
