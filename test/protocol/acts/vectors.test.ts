import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { domainSeparator as viemSeparator, hashTypedData, recoverAddress } from 'viem';
import {
  anchorObject,
  approveObject,
  cancelObject,
  certifyObject,
  credentialsObject,
  extendObject,
  sealObject,
  versionObject,
} from '../../../protocol/acts/objects.ts';
import type { ElectionParts } from '../../../protocol/acts/objects.ts';
import { addressOfKey, recoverSigner, signDigest } from '../../../protocol/acts/signature.ts';
import type { ActName, StepName } from '../../../protocol/acts/typed-data.ts';
import { ACT_NAMES, STEP_NAMES, actDigest, domainSeparator, stepDigest } from '../../../protocol/acts/typed-data.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { decodeHex, encodeHex, wordHex } from '../../../protocol/encoding.ts';

interface Signed {
  readonly kind: Hex;
  readonly object: Hex;
  readonly digest: Hex;
  readonly signature: Hex;
}
interface Vectors {
  readonly domain: { readonly chainId: number; readonly election: Hex; readonly separator: Hex };
  readonly key: Hex;
  readonly signer: Hex;
  readonly parts: ElectionParts;
  readonly acts: readonly (Signed & { readonly name: ActName; readonly number: number; readonly expiry: number })[];
  readonly steps: readonly (Signed & { readonly name: StepName; readonly attempt: number; readonly trustee: number })[];
}

const file = new URL('../../vectors/acts.json', import.meta.url);
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vectors;
const domain = { chainId: BigInt(vectors.domain.chainId), election: vectors.domain.election };
const viemDomain = { name: 'Urna', version: '1', chainId: domain.chainId, verifyingContract: domain.election };
const word = (name: string) => ({ name, type: 'uint256' });
const bytes = (name: string) => ({ name, type: 'bytes32' });
const types = {
  Act: [word('number'), bytes('kind'), bytes('object'), word('expiry')],
  Step: [word('attempt'), word('trustee'), bytes('kind'), bytes('object')],
};
const key = decodeHex(vectors.key, 32);

async function expectSigned({ digest, signature }: Signed): Promise<void> {
  expect(encodeHex(signDigest(decodeHex(digest), key))).toBe(signature);
  expect(recoverSigner(decodeHex(digest), decodeHex(signature))).toBe(vectors.signer);
  expect((await recoverAddress({ hash: digest, signature })).toLowerCase()).toBe(vectors.signer);
}

describe('test/vectors/acts.json', () => {
  it('holds every act and every step', () => {
    expect(vectors.acts.map(({ name }) => name)).toEqual(ACT_NAMES);
    expect(vectors.steps.map(({ name }) => name)).toEqual(STEP_NAMES);
    expect(addressOfKey(key)).toBe(vectors.signer);
  });

  it('has the domain separator of code and an independent implementation', () => {
    expect(encodeHex(domainSeparator(domain))).toBe(vectors.domain.separator);
    expect(viemSeparator({ domain: viemDomain })).toBe(vectors.domain.separator);
  });

  it.each(vectors.acts)('act $name', async (act) => {
    const { name, number, kind, object, expiry, digest } = act;
    const own = { name, number: BigInt(number), object: BigInt(object), expiry: BigInt(expiry) };
    expect(encodeHex(actDigest(domain, own))).toBe(digest);
    const message = { number: BigInt(number), kind, object, expiry: BigInt(expiry) };
    expect(hashTypedData({ domain: viemDomain, types, primaryType: 'Act', message })).toBe(digest);
    await expectSigned(act);
  });

  it.each(vectors.steps)('step $name', async (step) => {
    const { name, attempt, trustee, kind, object, digest } = step;
    const own = { name, attempt: BigInt(attempt), trustee: BigInt(trustee), object: BigInt(object) };
    expect(encodeHex(stepDigest(domain, own))).toBe(digest);
    const message = { attempt: BigInt(attempt), trustee: BigInt(trustee), kind, object };
    expect(hashTypedData({ domain: viemDomain, types, primaryType: 'Step', message })).toBe(digest);
    await expectSigned(step);
  });

  it('has the objects that the functions make', () => {
    const list = (root: bigint) => ({ root, count: 3n, reserveRoot: root + 1n, reserveCount: 1n });
    const objects = [
      approveObject(1n, 2n, vectors.parts),
      credentialsObject([list(5n), list(7n)]),
      versionObject(2n, 8n, 9n),
      sealObject(2n, 8n, 10n),
      extendObject(1_800_000_000n, 11n),
      cancelObject(12n),
      certifyObject(13n),
      anchorObject(25n, 14n),
    ];
    expect(vectors.acts.map(({ object }) => object)).toEqual(objects.map(wordHex));
  });
});
