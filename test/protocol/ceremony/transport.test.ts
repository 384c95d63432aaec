import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  LOW_ORDER_KEYS,
  isTransportKey,
  makeTransportKey,
  open,
  seal,
  shareInfo,
} from '../../../protocol/ceremony/transport.ts';
import { concatBytes, decodeHex, encodeHex } from '../../../protocol/encoding.ts';
import { streamOf } from '../stream.ts';

const vector = JSON.parse(readFileSync('test/vectors/rfc9180.json', 'utf8')) as Record<string, string>;
const bytes = (name: string): Uint8Array => decodeHex(vector[name]);
const address = { base: 7n, dealer: 1, recipient: 2, lane: 0 };

describe('HPKE adapter', () => {
  it('derives the key pair of RFC 9180 A.2.1', async () => {
    const pair = await makeTransportKey(() => bytes('ikmR'));
    expect(encodeHex(pair.publicKey)).toBe(vector['pkRm']);
    expect(encodeHex(pair.secretKey)).toBe(vector['skRm']);
  });

  it('seals and opens as RFC 9180 A.2.1', async () => {
    const sealed = await seal(bytes('pkRm'), bytes('info'), bytes('pt'), () => bytes('ikmE'), bytes('aad'));
    expect(encodeHex(sealed)).toBe(encodeHex(concatBytes(bytes('enc'), bytes('ct'))));
    expect(encodeHex(await open(bytes('skRm'), bytes('info'), sealed, bytes('aad')))).toBe(vector['pt']);
  });

  it('does not open under any other address', async () => {
    const pair = await makeTransportKey(streamOf('recipient'));
    const sealed = await seal(pair.publicKey, shareInfo(address), new Uint8Array(32), streamOf('dealer'));
    expect(await open(pair.secretKey, shareInfo(address), sealed)).toEqual(new Uint8Array(32));
    for (const other of [{ base: 8n }, { dealer: 3 }, { recipient: 3 }, { lane: 1 }]) {
      await expect(open(pair.secretKey, shareInfo({ ...address, ...other }), sealed)).rejects.toMatchObject({
        code: 'ceremony/decrypt',
      });
    }
  });

  it('does not open after any flipped bit, or when cut', async () => {
    const pair = await makeTransportKey(streamOf('recipient'));
    const sealed = await seal(pair.publicKey, shareInfo(address), new Uint8Array(32), streamOf('dealer'));
    // X25519 ignores the top bit of an encoding by definition, but HPKE hashes the encoding as it stands.
    const bit = fc.nat(sealed.length * 8 - 1);
    await fc.assert(
      fc.asyncProperty(bit, async (index) => {
        const flipped = sealed.map((byte, i) => (i === index >> 3 ? byte ^ (1 << (index & 7)) : byte));
        await expect(open(pair.secretKey, shareInfo(address), flipped)).rejects.toMatchObject({
          code: 'ceremony/decrypt',
        });
      }),
      { numRuns: 30 },
    );
    for (const length of [0, 31, 32, 47, 79]) {
      await expect(open(pair.secretKey, shareInfo(address), sealed.subarray(0, length))).rejects.toMatchObject({
        code: 'ceremony/decrypt',
      });
    }
  });

  it('never repeats an ephemeral key', async () => {
    const pair = await makeTransportKey(streamOf('recipient'));
    const random = streamOf('dealer');
    const first = await seal(pair.publicKey, shareInfo(address), new Uint8Array(32), random);
    const second = await seal(pair.publicKey, shareInfo(address), new Uint8Array(32), random);
    expect(encodeHex(first.subarray(0, 32))).not.toBe(encodeHex(second.subarray(0, 32)));
  });
});

describe('isTransportKey', () => {
  it.each(LOW_ORDER_KEYS)('refuses the low-order encoding %s, which no dealer can deal to', async (key) => {
    const publicKey = decodeHex(key, 32);
    expect(isTransportKey(publicKey)).toBe(false);
    await expect(seal(publicKey, shareInfo(address), new Uint8Array(32), streamOf('d'))).rejects.toMatchObject({
      code: 'ceremony/transport-key',
    });
  });

  it('refuses a set top bit and another length', async () => {
    const { publicKey } = await makeTransportKey(streamOf('recipient'));
    expect(isTransportKey(publicKey)).toBe(true);
    expect(isTransportKey(publicKey.map((byte, i) => (i === 31 ? byte | 0x80 : byte)))).toBe(false);
    expect(isTransportKey(publicKey.subarray(1))).toBe(false);
  });

  it('knows every encoding that the library cannot deal to', async () => {
    // What the list leaves out must be usable, or one trustee could stop all dealers.
    const neighbours = [2n, 3n, (1n << 255n) - 17n, (1n << 255n) - 1n, (1n << 255n) - 21n];
    for (const u of neighbours) {
      const key = decodeHex(`0x${u.toString(16).padStart(64, '0')}`, 32).reverse();
      expect(isTransportKey(key)).toBe(true);
      expect(await seal(key, shareInfo(address), new Uint8Array(32), streamOf('d'))).toHaveLength(80);
    }
  });
});
