import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encodeAbiParameters, keccak256, stringToHex } from 'viem';
import type { Json } from '../../../protocol/canonical-json.ts';
import { parseCanonical } from '../../../protocol/canonical-json.ts';
import {
  encodeRegistration,
  readRegistration,
  registrationMessage,
  signRegistration,
  verifyRegistration,
} from '../../../protocol/credentials/registration.ts';
import { encodeHex } from '../../../protocol/encoding.ts';
import { at } from '../../../protocol/errors.ts';
import { r, toField } from '../../../protocol/math/field.ts';
import { context, registrationOf, voters } from './election.ts';

const code = (expected: string): unknown => expect.objectContaining({ code: expected });
const registration = registrationOf(1, 0, 12345n, 3);
const line = (fields: Record<string, Json>): Json => ({
  ...(parseCanonical(encodeRegistration(registration)) as Record<string, Json>),
  ...fields,
});

describe('registrationMessage', () => {
  it('is tag and words of SPEC §5.4', () => {
    const types = ['bytes32', 'uint256', 'address', 'bytes32', 'uint256', 'uint256', 'uint256'].map((type) => ({
      type,
    }));
    const tag = keccak256(stringToHex('urna/v1/registration'));
    const values = [tag, 31337n, context.election, context.definitionHash, 1n, 12345n, 3n];
    expect(encodeHex(registrationMessage(context, registration))).toBe(encodeAbiParameters(types, values));
  });
});

describe('verifyRegistration', () => {
  it('accepts what the credential signed', () => {
    expect(verifyRegistration(context, registration)).toBe(true);
  });

  it('refuses every other value of every bound field', () => {
    const others = [
      { district: 0 },
      { commitment: toField(12346n) },
      { sequence: 4 },
      { credentialKey: encodeHex(at(at(voters, 1), 1).publicKey) },
      { signature: registrationOf(1, 1, 12345n, 3).signature },
    ];
    for (const fields of others) expect(verifyRegistration(context, { ...registration, ...fields })).toBe(false);
    const elsewhere = [
      { chainId: 1 },
      { election: '0x00000000000000000000000000000000000e1ec8' as const },
      { definitionHash: encodeHex(new Uint8Array(32)) },
    ];
    for (const fields of elsewhere) expect(verifyRegistration({ ...context, ...fields }, registration)).toBe(false);
  });
});

describe('readRegistration', () => {
  it('inverts encodeRegistration', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: r - 1n }),
        fc.nat(4095),
        fc.integer({ min: 1, max: 2 ** 31 }),
        (commitment, district, sequence) => {
          const signed = { ...registration, commitment: toField(commitment), district, sequence };
          expect(readRegistration(parseCanonical(encodeRegistration(signed)))).toEqual(signed);
        },
      ),
    );
  });

  it('refuses commitments that are no leaf of a roll', () => {
    expect(() => readRegistration(line({ commitment: `0x${'0'.repeat(64)}` }))).toThrow(code('registration/shape'));
    expect(() => readRegistration(line({ commitment: `0x${r.toString(16).padStart(64, '0')}` }))).toThrow(
      code('field/range'),
    );
    expect(() =>
      signRegistration(context, at(at(voters, 0), 0), { district: 0, commitment: toField(0n), sequence: 1 }),
    ).toThrow(code('registration/shape'));
  });

  it('refuses other shapes', () => {
    const bad = [
      { sequence: 0 },
      { sequence: 1.5 },
      { sequence: '1' },
      { district: -1 },
      { name: 'x' },
      { district: null },
    ];
    for (const fields of bad) expect(() => readRegistration(line(fields))).toThrow(code('registration/shape'));
    for (const value of [null, [], 'x', {}]) expect(() => readRegistration(value)).toThrow(code('registration/shape'));
    for (const fields of [{ signature: '0x' }, { credentialKey: 1 }, { commitment: '12' }]) {
      expect(() => readRegistration(line(fields))).toThrow(code('encoding/hex'));
    }
  });
});
