import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { blake512 } from '@noble/hashes/blake1.js';
import { encodeHex } from '../../../protocol/encoding.ts';
import { createIdentity } from '../../../protocol/identity/semaphore.ts';
import { multiplyBase } from '../../../protocol/math/curve.ts';
import { l, toScalar } from '../../../protocol/math/field.ts';
import { loadPoseidon } from '../../../protocol/math/poseidon.ts';
import { streamOf } from '../stream.ts';

interface Vector {
  readonly privateKey: string;
  readonly secretScalar: string;
  readonly publicKey: readonly [string, string];
  readonly commitment: string;
}
const { identities } = JSON.parse(readFileSync('test/vectors/semaphore.json', 'utf8')) as {
  readonly identities: readonly Vector[];
};
const bytesOf = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.slice(2), 'hex'));

/** Semaphore v4's derivation, written again from its description: BLAKE-512, pruned, shifted by the cofactor, mod l. */
function deriveScalar(privateKey: Uint8Array): bigint {
  const half = blake512(privateKey).slice(0, 32);
  half[0]! &= 0xf8;
  half[31]! &= 0x7f;
  half[31]! |= 0x40;
  return (BigInt(encodeHex(half.reverse())) >> 3n) % l;
}

describe('createIdentity', () => {
  it.each(identities)('makes the published identity $#', (vector) => {
    const identity = createIdentity(bytesOf(vector.privateKey));
    expect(identity.secretScalar).toBe(BigInt(vector.secretScalar));
    expect(identity.publicKey).toEqual({ x: BigInt(vector.publicKey[0]), y: BigInt(vector.publicKey[1]) });
    expect(identity.commitment).toBe(BigInt(vector.commitment));
  });

  it('agrees with our own curve and hash: commitment = Poseidon(a·G), a < l', async () => {
    const poseidon = await loadPoseidon();
    const random = streamOf('identities');
    for (let i = 0; i < 8; i++) {
      const { privateKey, secretScalar, publicKey, commitment } = createIdentity(random(32));
      expect(secretScalar).toBe(deriveScalar(privateKey));
      expect(publicKey).toEqual(multiplyBase(toScalar(secretScalar)));
      expect(commitment).toBe(poseidon([publicKey.x, publicKey.y]));
    }
  });

  it('keeps its own copy of the key', () => {
    const bytes = streamOf('copy')(32);
    const identity = createIdentity(bytes);
    bytes.fill(0);
    expect(createIdentity(identity.privateKey).commitment).toBe(identity.commitment);
  });

  it('refuses other lengths', () => {
    for (const length of [0, 16, 31, 33, 64]) {
      expect(() => createIdentity(new Uint8Array(length))).toThrow(expect.objectContaining({ code: 'identity/bytes' }));
    }
  });
});
