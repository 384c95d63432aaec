import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Point } from '../../../protocol/math/curve.ts';
import { G, O, add, multiply, multiplyBase, negate } from '../../../protocol/math/curve.ts';
import { l, modScalar, r, toScalar } from '../../../protocol/math/field.ts';
import type { ChaumPedersenProof, DecryptionStatement } from '../../../protocol/proofs/chaum-pedersen.ts';
import { proveDecryption, verifyDecryption } from '../../../protocol/proofs/chaum-pedersen.ts';
import { eighthScalar } from '../../../protocol/proofs/eighth.ts';
import { streamOf } from '../stream.ts';

const secrets = [31n, 41n, 59n].map(toScalar);
const R = multiplyBase(toScalar(271828n));
const statement: DecryptionStatement = {
  context: 3n,
  R,
  verificationKeys: secrets.map(multiplyBase),
  eighths: secrets.map((x) => multiply(R, eighthScalar(x))),
};
const proof = proveDecryption(statement, secrets, streamOf('chaum-pedersen'));
const replaced = (lane: number, point: Point): DecryptionStatement => ({
  ...statement,
  eighths: statement.eighths.map((Q, i) => (i === lane ? point : Q)),
});

describe('verifyDecryption', () => {
  it('accepts an honest proof over any secrets and sum', () => {
    expect(verifyDecryption(statement, proof)).toBe(true);
    const scalar = fc.bigInt({ min: 1n, max: l - 1n }).map(toScalar);
    fc.assert(
      fc.property(fc.array(scalar, { minLength: 1, maxLength: 4 }), scalar, (xs, rho) => {
        const sum = multiplyBase(rho);
        const own = {
          context: 1n,
          R: sum,
          verificationKeys: xs.map(multiplyBase),
          eighths: xs.map((x) => multiply(sum, eighthScalar(x))),
        };
        expect(verifyDecryption(own, proveDecryption(own, xs, streamOf('any')))).toBe(true);
      }),
      { numRuns: 6 },
    );
  });

  it.each([0, 1, 2])('refuses a wrong D in lane %i', (lane) => {
    expect(verifyDecryption(replaced(lane, add(statement.eighths[lane]!, G)), proof)).toBe(false);
  });

  it('refuses a prover who errs in two lanes so that the sum stays', () => {
    const shifted = { ...replaced(0, add(statement.eighths[0]!, G)) };
    const cancelled = {
      ...shifted,
      eighths: [shifted.eighths[0]!, add(statement.eighths[1]!, negate(G)), statement.eighths[2]!],
    };
    expect(verifyDecryption(cancelled, proveDecryption(cancelled, secrets, streamOf('cheat')))).toBe(false);
  });

  it('refuses a prover who swaps two lanes', () => {
    const swapped = { ...statement, eighths: [statement.eighths[1]!, statement.eighths[0]!, statement.eighths[2]!] };
    expect(verifyDecryption(swapped, proveDecryption(swapped, secrets, streamOf('cheat')))).toBe(false);
  });

  it.each<[string, Partial<DecryptionStatement>]>([
    ['unit, trustee or contract', { context: 4n }],
    ['sum', { R: add(R, G) }],
    ['key', { verificationKeys: [G, ...statement.verificationKeys.slice(1)] }],
    ['number of lanes', { verificationKeys: statement.verificationKeys.slice(1) }],
    ['empty list of lanes', { verificationKeys: [], eighths: [] }],
  ])('refuses the proof for another %s', (_, change) => {
    expect(verifyDecryption({ ...statement, ...change }, proof)).toBe(false);
  });

  it.each<[string, Partial<ChaumPedersenProof>]>([
    ['z + l', { z: proof.z + l }],
    ['a negative z', { z: proof.z - l }],
    ['another z', { z: modScalar(proof.z + 1n) }],
    ['A = O', { A: O }],
    ['B = O', { B: O }],
    ['A off the curve', { A: { x: 2n, y: 2n } }],
    ['B with a coordinate + r', { B: { x: proof.B.x, y: proof.B.y + r } }],
    ['A and B swapped', { A: proof.B, B: proof.A }],
  ])('refuses %s', (_, change) => {
    expect(verifyDecryption(statement, { ...proof, ...change })).toBe(false);
  });

  it('refuses a D off the curve', () => {
    expect(verifyDecryption(replaced(1, { x: 2n, y: 2n }), proof)).toBe(false);
  });
});

describe('proveDecryption', () => {
  it('refuses a secret too few', () => {
    expect(() => proveDecryption(statement, secrets.slice(1), streamOf('x'))).toThrow(
      expect.objectContaining({ code: 'decryption/lanes' }),
    );
  });

  it('never uses one nonce for two sums, even when the random source is stuck', () => {
    const stuck = (length: number): Uint8Array => new Uint8Array(length);
    const other = { ...statement, R: add(R, G), eighths: secrets.map((x) => multiply(add(R, G), eighthScalar(x))) };
    expect(proveDecryption(statement, secrets, stuck).A).not.toEqual(proveDecryption(other, secrets, stuck).A);
  });
});
