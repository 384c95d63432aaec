import { readFileSync } from 'node:fs';
import { createPublicKey, verify as nodeVerify } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { ed25519 } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import fc from 'fast-check';
import { concatBytes } from '../../../protocol/encoding.ts';
import { sign, signingKey, verifySignature } from '../../../protocol/credentials/ed25519.ts';
import type { EquationVerifier } from '../../../protocol/credentials/ed25519.ts';
import { equationByOpenssl } from '../../../protocol/node/ed25519.ts';
import { streamOf } from '../stream.ts';

interface Vector {
  readonly name: string;
  readonly seed: string;
  readonly publicKey: string;
  readonly message: string;
  readonly signature: string;
}
const { tests } = JSON.parse(readFileSync('test/vectors/rfc8032.json', 'utf8')) as {
  readonly tests: readonly Vector[];
};
const bytesOf = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));
const L = ed25519.Point.Fn.ORDER;
const key = signingKey(streamOf('ed25519')(32));
const message = bytesOf('75726e61');
const signature = sign(key, message);
/** A point of order 8, as in "Taming the many EdDSAs", table 6a. */
const orderEight = ed25519.Point.fromHex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a');

function littleEndian(x: bigint): Uint8Array {
  return bytesOf(x.toString(16).padStart(64, '0')).reverse();
}
function number(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
}

describe('sign', () => {
  it.each(tests)('makes RFC 8032 $name', (vector) => {
    const pair = signingKey(bytesOf(vector.seed));
    expect(Buffer.from(pair.publicKey).toString('hex')).toBe(vector.publicKey);
    expect(Buffer.from(sign(pair, bytesOf(vector.message))).toString('hex')).toBe(vector.signature);
    expect(verifySignature(pair.publicKey, bytesOf(vector.message), bytesOf(vector.signature))).toBe(true);
  });

  it('makes signatures that OpenSSL accepts', () => {
    const prefix = bytesOf('302a300506032b6570032100');
    const publicKey = createPublicKey({
      key: Buffer.from(concatBytes(prefix, key.publicKey)),
      format: 'der',
      type: 'spki',
    });
    expect(nodeVerify(null, message, publicKey, signature)).toBe(true);
  });

  it('refuses seeds of another length', () => {
    for (const length of [0, 31, 33, 64]) {
      expect(() => signingKey(new Uint8Array(length))).toThrow(expect.objectContaining({ code: 'signature/seed' }));
    }
  });
});

describe('verifySignature', () => {
  it('refuses every flipped bit of key, message and signature', () => {
    const parts = [key.publicKey, message, signature] as const;
    const total = parts.reduce((sum, part) => sum + part.length * 8, 0);
    fc.assert(
      fc.property(fc.nat(total - 1), (bit) => {
        const all = concatBytes(...parts);
        all[bit >> 3]! ^= 1 << (bit & 7);
        const [k, m, s] = [all.slice(0, 32), all.slice(32, 36), all.slice(36)];
        expect(verifySignature(k, m, s)).toBe(false);
      }),
      { numRuns: 60 },
    );
    expect(verifySignature(...parts)).toBe(true);
  });

  it('refuses S + L, the same signature written differently', () => {
    const s = number(signature.slice(32));
    const malleable = concatBytes(signature.slice(0, 32), littleEndian(s + L));
    expect(verifySignature(key.publicKey, message, malleable)).toBe(false);
  });

  it('refuses keys of small order, which would sign any message', () => {
    const identity = littleEndian(1n);
    const universal = concatBytes(identity, new Uint8Array(32)); // R = O, S = 0
    for (const publicKey of [identity, orderEight.toBytes(), orderEight.double().toBytes(), new Uint8Array(32)]) {
      for (let i = 0; i < 16; i++) expect(verifySignature(publicKey, Uint8Array.of(i), universal)).toBe(false);
    }
  });

  it('refuses non-canonical encodings of key and R', () => {
    const p = 2n ** 255n - 19n;
    expect(verifySignature(littleEndian(p + 1n), message, signature)).toBe(false);
    expect(verifySignature(key.publicKey, message, concatBytes(littleEndian(p + 1n), signature.slice(32)))).toBe(false);
  });

  it('refuses what holds with the cofactor only', () => {
    const [secret, nonce] = [5n, 7n];
    const mixedR = ed25519.Point.BASE.multiply(nonce).add(orderEight);
    const publicKey = ed25519.Point.BASE.multiply(secret).toBytes();
    const k = challenge(mixedR.toBytes(), publicKey);
    const forged = concatBytes(mixedR.toBytes(), littleEndian((nonce + k * secret) % L));
    expect(ed25519.verify(forged, message, publicKey, { zip215: true })).toBe(true); // a verifier with cofactor takes it
    expect(verifySignature(publicKey, message, forged)).toBe(false);
  });

  it('answers false, and does not throw, for other lengths', () => {
    expect(verifySignature(key.publicKey.slice(1), message, signature)).toBe(false);
    expect(verifySignature(key.publicKey, message, signature.slice(1))).toBe(false);
    expect(verifySignature(key.publicKey, message, concatBytes(signature, Uint8Array.of(0)))).toBe(false);
    expect(verifySignature(new Uint8Array(), message, new Uint8Array())).toBe(false);
  });
});

describe('verifySignature with another verifier of the equation', () => {
  const { tests: edges } = JSON.parse(readFileSync('test/vectors/ed25519-edges.json', 'utf8')) as {
    readonly tests: readonly (Omit<Vector, 'seed'> & { readonly valid: boolean })[];
  };

  it.each(edges)('answers as SPEC §5.4 says: $name', ({ publicKey, message: text, signature: bytes, valid }) => {
    const parts = [bytesOf(publicKey), bytesOf(text), bytesOf(bytes)] as const;
    expect(verifySignature(...parts)).toBe(valid);
    expect(verifySignature(...parts, equationByOpenssl)).toBe(valid);
  });

  it('has vectors that a verifier with cofactor, and most without, would get wrong', () => {
    const wrong = (judge: EquationVerifier): string[] =>
      edges
        .filter(({ publicKey, message: text, signature: bytes, valid }) => {
          return judge(bytesOf(publicKey), bytesOf(text), bytesOf(bytes)) !== valid;
        })
        .map(({ name }) => name);
    const noble: EquationVerifier = (k, m, s) => ed25519.verify(s, m, k, { zip215: false });
    expect(wrong(noble).length).toBeGreaterThan(10);
    // Node refuses points of small order itself from 24 on, as WebCrypto asks for.
    const alone = wrong(equationByOpenssl);
    expect(alone.length === 0 || alone.length > 10).toBe(true);
  });

  it('has vectors of every key A + T, for every class of h modulo the order of T', () => {
    for (const [k, order] of [1, 8, 4, 8, 2, 8, 4, 8].entries()) {
      const held = edges.filter(
        ({ name, valid }) => valid && name.startsWith(k === 0 ? 'key of prime order, R + 0·T8' : `key + ${k}·T8`),
      );
      expect(held).toHaveLength(order);
    }
  });

  it('answers as without it for honest and changed signatures', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.uint8Array(), fc.nat(511), (seed, text, bit) => {
        const pair = signingKey(seed);
        const made = sign(pair, text);
        expect(verifySignature(pair.publicKey, text, made, equationByOpenssl)).toBe(true);
        made[bit >> 3]! ^= 1 << (bit & 7);
        expect(verifySignature(pair.publicKey, text, made, equationByOpenssl)).toBe(false);
        expect(verifySignature(pair.publicKey, text, made)).toBe(false);
      }),
      { numRuns: 20 },
    );
  });
});

function challenge(R: Uint8Array, publicKey: Uint8Array): bigint {
  return ed25519.Point.Fn.create(number(sha512(concatBytes(R, publicKey, message))));
}
