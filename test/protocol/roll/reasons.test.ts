import { describe, expect, it } from '@jest/globals';
import { canonicalBytes } from '../../../protocol/canonical-json.ts';
import { keccak256, toHex } from 'viem';
import { wordHex } from '../../../protocol/encoding.ts';
import { decodeReasons, encodeReasons, reasonsHash } from '../../../protocol/roll/reasons.ts';
import type { RollReasons } from '../../../protocol/roll/reasons.ts';

const code = (expected: string): unknown => expect.objectContaining({ code: expected });
const key = (n: number): `0x${string}` => `0x${n.toString(16).padStart(64, '0')}`;
const reasons: RollReasons = {
  version: 2,
  changes: [
    { district: 0, credentialKey: key(7), reason: 'omitted' },
    { district: 0, credentialKey: key(9), reason: 'wrong-commitment' },
    { district: 1, credentialKey: key(1), reason: 'revoked' },
  ],
};
const file = (fields: object): Uint8Array => canonicalBytes({ ...reasons, type: 'urna/v1/roll-reasons', ...fields });

describe('decodeReasons', () => {
  it('inverts encodeReasons', () => {
    expect(decodeReasons(encodeReasons(reasons))).toEqual(reasons);
    expect(decodeReasons(encodeReasons({ version: 3, changes: [] }))).toEqual({ version: 3, changes: [] });
    expect(wordHex(reasonsHash(encodeReasons(reasons)))).toBe(keccak256(toHex(encodeReasons(reasons))));
  });

  it('refuses changes twice, out of order, or without a known reason', () => {
    const [first, second, third] = reasons.changes;
    for (const changes of [
      [second, first],
      [first, first],
      [third, first],
      [{ ...first, reason: 'other' }],
      [{ ...first, note: '' }],
      {},
    ]) {
      expect(() => decodeReasons(file({ changes }))).toThrow(code('roll-reasons/shape'));
    }
  });

  it('refuses a first version, another type, and other forms', () => {
    for (const fields of [{ version: 1 }, { version: '2' }, { type: 'urna/v1/identity' }, { extra: 1 }]) {
      expect(() => decodeReasons(file(fields))).toThrow(code('roll-reasons/shape'));
    }
    const spaced = new TextEncoder().encode(`${new TextDecoder().decode(encodeReasons(reasons))} `);
    expect(() => decodeReasons(spaced)).toThrow(code('json/canonical'));
  });
});
