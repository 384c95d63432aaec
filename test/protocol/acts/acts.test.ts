import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hashTypedData, recoverAddress } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import {
  approveObject,
  credentialsObject,
  extendObject,
  sealObject,
  versionObject,
} from '../../../protocol/acts/objects.ts';
import { orderSignatures, quorumFault, signatureFault } from '../../../protocol/acts/quorum.ts';
import {
  addressOfKey,
  addressWord,
  decodeSignature,
  recoverSigner,
  signDigest,
  wordAddress,
} from '../../../protocol/acts/signature.ts';
import type { ActName, StepName } from '../../../protocol/acts/typed-data.ts';
import { ACT_NAMES, STEP_NAMES, actDigest, actKind, stepDigest, stepKind } from '../../../protocol/acts/typed-data.ts';
import { concatBytes, encodeHex, encodeWord, wordHex } from '../../../protocol/encoding.ts';
import { keccak256 } from '../../../protocol/hash.ts';

const key = (n: number): Uint8Array => encodeWord(BigInt(n) + 1000n);
const domain = { chainId: 31337n, election: `0x${'ab'.repeat(20)}` as const };
const types = {
  Act: [
    { name: 'number', type: 'uint256' },
    { name: 'kind', type: 'bytes32' },
    { name: 'object', type: 'bytes32' },
    { name: 'expiry', type: 'uint256' },
  ],
  Step: [
    { name: 'attempt', type: 'uint256' },
    { name: 'trustee', type: 'uint256' },
    { name: 'kind', type: 'bytes32' },
    { name: 'object', type: 'bytes32' },
  ],
} as const;
const viemDomain = { name: 'Urna', version: '1', chainId: 31337, verifyingContract: domain.election } as const;
const SECP_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

describe('actDigest', () => {
  it.each(ACT_NAMES.map((name) => [name]))(
    'is the EIP-712 digest of an independent implementation: %s',
    (name: ActName) => {
      const act = { name, number: 7n, object: 123456789n, expiry: 1_900_000_000n };
      const message = { number: 7n, kind: wordHex(actKind(name)), object: wordHex(act.object), expiry: act.expiry };
      expect(encodeHex(actDigest(domain, act))).toBe(
        hashTypedData({ domain: viemDomain, types, primaryType: 'Act', message }),
      );
    },
  );

  it('differs when number, name, object, expiry, chain or contract differ', () => {
    const act = { name: 'seal', number: 1n, object: 2n, expiry: 3n } as const;
    const digests = [
      actDigest(domain, act),
      actDigest(domain, { ...act, number: 2n }),
      actDigest(domain, { ...act, name: 'version' }),
      actDigest(domain, { ...act, object: 3n }),
      actDigest(domain, { ...act, expiry: 4n }),
      actDigest({ ...domain, chainId: 1n }, act),
      actDigest({ ...domain, election: `0x${'ac'.repeat(20)}` }, act),
    ].map(encodeHex);
    expect(new Set(digests).size).toBe(digests.length);
  });
});

describe('stepDigest', () => {
  it.each(STEP_NAMES.map((name) => [name]))(
    'is the EIP-712 digest of an independent implementation: %s',
    (name: StepName) => {
      const step = { name, attempt: 2n, trustee: 3n, object: 99n };
      const message = { attempt: 2n, trustee: 3n, kind: wordHex(stepKind(name)), object: wordHex(99n) };
      expect(encodeHex(stepDigest(domain, step))).toBe(
        hashTypedData({ domain: viemDomain, types, primaryType: 'Step', message }),
      );
    },
  );
});

describe('recoverSigner', () => {
  it('gives back the signer, as an independent implementation does', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.integer({ min: 0, max: 1e6 }),
        async (digest, n) => {
          const signature = signDigest(digest, key(n));
          const address = addressOfKey(key(n));
          expect(address).toBe(privateKeyToAccount(encodeHex(key(n))).address.toLowerCase());
          expect(recoverSigner(digest, signature)).toBe(address);
          const independent = await recoverAddress({ hash: encodeHex(digest), signature: encodeHex(signature) });
          expect(independent.toLowerCase()).toBe(address);
        },
      ),
      { numRuns: 20 },
    );
  });

  const digest = keccak256(Uint8Array.of(1));
  const signature = signDigest(digest, key(1));
  const withV = (v: number): Uint8Array => concatBytes(signature.subarray(0, 64), Uint8Array.of(v));

  it('refuses the malleable twin with high s', () => {
    const s = BigInt(encodeHex(signature.subarray(32, 64)));
    const twin = concatBytes(
      signature.subarray(0, 32),
      encodeWord(SECP_ORDER - s),
      Uint8Array.of(55 - (signature[64] ?? 0)),
    );
    expect(() => recoverSigner(digest, twin)).toThrow('high s');
  });

  it.each([0, 1, 26, 29, 255])('refuses the recovery byte %d', (v) => {
    expect(() => recoverSigner(digest, withV(v))).toThrow('recovery byte');
  });

  it.each([64, 66, 0])('refuses %d bytes', (length) => {
    const bytes = concatBytes(signature, Uint8Array.of(27)).subarray(0, length);
    expect(() => recoverSigner(digest, bytes)).toThrow('65 bytes');
  });

  it('refuses r = 0, s = 0 and r ≥ the order', () => {
    const zero = encodeWord(0n);
    const v = Uint8Array.of(27);
    const [rBytes, sBytes] = [signature.subarray(0, 32), signature.subarray(32, 64)];
    for (const bad of [
      concatBytes(zero, sBytes, v),
      concatBytes(rBytes, zero, v),
      concatBytes(encodeWord(SECP_ORDER), sBytes, v),
    ])
      expect(() => recoverSigner(digest, bad)).toThrow('no key made');
  });

  it('never names the signer when one bit of digest or signature flips', () => {
    const signer = addressOfKey(key(1));
    for (let bit = 0; bit < 256; bit += 5) {
      const other = Uint8Array.from(digest);
      other[bit >> 3] = (other[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(signatureFault(other, signature, signer)).toBeDefined();
    }
    for (let bit = 0; bit < 520; bit += 5) {
      const other = Uint8Array.from(signature);
      other[bit >> 3] = (other[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(signatureFault(digest, other, signer)).toBeDefined();
    }
    expect(signatureFault(digest, signature, signer)).toBeUndefined();
  });
});

describe('signDigest', () => {
  it('refuses a digest of another length and a key out of range', () => {
    expect(() => signDigest(new Uint8Array(31), key(1))).toThrow('32 bytes');
    expect(() => signDigest(new Uint8Array(32), new Uint8Array(32))).toThrow('private key');
    expect(() => addressOfKey(encodeWord(SECP_ORDER))).toThrow('private key');
  });
});

describe('quorumFault', () => {
  const digest = keccak256(Uint8Array.of(2));
  const officers = { keys: [1, 2, 3].map((n) => addressOfKey(key(n))), quorum: 2 };
  const signed = orderSignatures(
    digest,
    [1, 2, 3].map((n) => signDigest(digest, key(n))),
  );
  const [a, b, c] = signed as [Uint8Array, Uint8Array, Uint8Array];

  it('accepts a quorum and all of them', () => {
    expect(quorumFault(digest, [a, c], officers)).toBeUndefined();
    expect(quorumFault(digest, signed, officers)).toBeUndefined();
  });

  it.each([
    ['too few', [a], 'the quorum is 2'],
    ['one twice', [a, a], 'out of order or repeated'],
    ['wrong order', [b, a], 'out of order or repeated'],
    ['a stranger', [signDigest(digest, key(9)), a], 'not an officer'],
    ['another digest', [signDigest(keccak256(digest), key(1)), b], 'not an officer'],
    ['a broken one', [new Uint8Array(65), a], 'recovery byte'],
  ])('refuses %s', (_, signatures, fault) => {
    expect(quorumFault(digest, signatures, officers)).toContain(fault);
  });
});

describe('objects', () => {
  it('are hashes of tag and words, distinct by purpose', () => {
    const parts = {
      roll: wordAddress(1n),
      ceremony: wordAddress(2n),
      ballots: wordAddress(3n),
      tally: wordAddress(4n),
    };
    const all = [
      approveObject(1n, 2n, parts),
      credentialsObject([{ root: 1n, count: 2n, reserveRoot: 3n, reserveCount: 4n }]),
      versionObject(1n, 2n, 3n),
      sealObject(1n, 2n, 3n),
      extendObject(1n, 2n),
    ];
    expect(new Set(all).size).toBe(all.length);
    expect(approveObject(1n, 2n, { ...parts, tally: parts.roll })).not.toBe(all[0]);
  });

  it('words and addresses convert both ways, strictly', () => {
    expect(wordAddress(addressWord(domain.election))).toBe(domain.election);
    expect(() => wordAddress(1n << 160n)).toThrow('not an address');
    expect(() => addressWord('0xAB' as `0x${string}`)).toThrow('lower-case');
    expect(() => decodeSignature(`0x${'00'.repeat(64)}`)).toThrow('expected 65 bytes');
  });
});
