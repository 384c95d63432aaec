import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Point } from '../../../protocol/math/curve.ts';
import { G, O, add, multiplyBase } from '../../../protocol/math/curve.ts';
import { l, r, toScalar } from '../../../protocol/math/field.ts';
import { eighthOfBase, fromEighth } from '../../../protocol/proofs/eighth.ts';
import { hedgedNonce } from '../../../protocol/proofs/nonce.ts';
import type { SchnorrStatement } from '../../../protocol/proofs/schnorr.ts';
import { proveConstantTerms, verifyConstantTerms } from '../../../protocol/proofs/schnorr.ts';
import { streamOf } from '../stream.ts';

const secrets = [11n, 22n].map(toScalar);
const eighths = secrets.map((secret, lane) => [eighthOfBase(secret), eighthOfBase(toScalar(100n + BigInt(lane)))]);
const statement: SchnorrStatement = { base: 5n, trustee: 2, eighths, transportKey: 9n };
const constants = secrets.map(multiplyBase);
const proof = proveConstantTerms(statement, secrets, streamOf('schnorr'));

describe('verifyConstantTerms', () => {
  it('accepts an honest proof over any secrets', () => {
    expect(verifyConstantTerms(statement, constants, proof)).toBe(true);
    const scalar = fc.bigInt({ min: 1n, max: l - 1n }).map(toScalar);
    fc.assert(
      fc.property(fc.array(scalar, { minLength: 1, maxLength: 4 }), fc.string(), (xs, seed) => {
        const own = { ...statement, eighths: xs.map((x) => [eighthOfBase(x)]) };
        expect(verifyConstantTerms(own, xs.map(multiplyBase), proveConstantTerms(own, xs, streamOf(seed)))).toBe(true);
      }),
      { numRuns: 8 },
    );
  });

  it.each<[string, Partial<SchnorrStatement>]>([
    ['attempt or contract', { base: 6n }],
    ['trustee', { trustee: 3 }],
    ['transport key', { transportKey: 10n }],
    ['higher coefficient', { eighths: [[eighths[0]![0]!, G], eighths[1]!] }],
    ['order of lanes', { eighths: [eighths[1]!, eighths[0]!] }],
  ])('refuses the proof for another %s', (_, change) => {
    expect(verifyConstantTerms({ ...statement, ...change }, constants, proof)).toBe(false);
  });

  it('refuses secrets that only add up', () => {
    const shifted = [add(constants[0]!, G), add(constants[1]!, multiplyBase(toScalar(l - 1n)))];
    expect(verifyConstantTerms(statement, shifted, proof)).toBe(false);
  });

  it.each<[string, { K: Point; z: bigint }]>([
    ['z + l', { ...proof, z: proof.z + l }],
    ['negative z', { ...proof, z: proof.z - l }],
    ['z + 1', { ...proof, z: (proof.z + 1n) % l }],
    ['K = O', { ...proof, K: O }],
    ['K off the curve', { ...proof, K: { x: 1n, y: 1n } }],
    ['K with a coordinate + r', { ...proof, K: { x: proof.K.x + r, y: proof.K.y } }],
  ])('refuses %s', (_, altered) => {
    expect(verifyConstantTerms(statement, constants, altered)).toBe(false);
  });

  it('refuses K plus a point of low order: the hash sees the posted eighth', () => {
    const orderTwo = { x: 0n, y: r - 1n };
    expect(verifyConstantTerms(statement, constants, { ...proof, K: add(proof.K, orderTwo) })).toBe(false);
  });

  it('refuses fewer constant terms than lanes', () => {
    expect(verifyConstantTerms(statement, constants.slice(1), proof)).toBe(false);
  });
});

describe('hedgedNonce', () => {
  it('differs with the randomness, the secrets and the statement', () => {
    const nonces = [
      hedgedNonce(streamOf('a'), secrets, [1n]),
      hedgedNonce(streamOf('b'), secrets, [1n]),
      hedgedNonce(streamOf('a'), [secrets[0]!], [1n]),
      hedgedNonce(streamOf('a'), secrets, [2n]),
    ];
    expect(new Set(nonces).size).toBe(4);
  });

  it('keeps two statements apart even when the random source is stuck', () => {
    const stuck = (length: number): Uint8Array => new Uint8Array(length);
    expect(hedgedNonce(stuck, secrets, [1n])).not.toBe(hedgedNonce(stuck, secrets, [2n]));
  });
});

describe('fromEighth', () => {
  it('gives back the point', () => {
    expect(fromEighth(eighthOfBase(toScalar(77n)))).toEqual(multiplyBase(toScalar(77n)));
  });

  it.each<[string, Point]>([
    ['O', O],
    ['the point of order 2', { x: 0n, y: r - 1n }],
    ['a point off the curve', { x: 1n, y: 1n }],
    ['a coordinate + r', { x: G.x + r, y: G.y }],
  ])('refuses %s', (_, point) => {
    expect(() => fromEighth(point)).toThrow(expect.objectContaining({ code: 'point/invalid' }));
  });

  it('clears the cofactor: a point and its sum with one of low order are eighths of the same', () => {
    const eighth = eighthOfBase(toScalar(5n));
    expect(fromEighth(add(eighth, { x: 0n, y: r - 1n }))).toEqual(fromEighth(eighth));
  });
});
