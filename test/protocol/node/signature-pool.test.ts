import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from '@jest/globals';
import { sign, signingKey } from '../../../protocol/credentials/ed25519.ts';
import { signaturesHere } from '../../../protocol/credentials/signature-batch.ts';
import type { SignedMessage } from '../../../protocol/credentials/signature-batch.ts';
import { decodeHex } from '../../../protocol/encoding.ts';
import { SignaturePool } from '../../../protocol/node/signature-pool.ts';

const pool = new SignaturePool(2);
afterAll(() => pool.close());

/** Five signed messages, some of them changed afterwards. */
function batchOf(seed: number, wrong: readonly number[]): SignedMessage[] {
  return Array.from({ length: 5 }, (_, k) => {
    const key = signingKey(new Uint8Array(32).fill(seed + k));
    const message = Uint8Array.of(seed, k);
    const signature = sign(key, message);
    return { publicKey: key.publicKey, message: wrong.includes(k) ? Uint8Array.of(seed, k, 0) : message, signature };
  });
}

describe('SignaturePool', () => {
  it('answers every batch as this thread would, whichever thread takes it', async () => {
    const batches = [[], [3], [], [0, 4], [1, 2]].map((wrong, i) => batchOf(10 * i, wrong));
    const answers = await Promise.all([...batches, []].map(pool.verify));
    expect(answers).toEqual([[], [3], [], [0, 4], [1, 2], []]);
    expect(answers).toEqual(await Promise.all([...batches, []].map(signaturesHere())));
  });

  it('keeps the rule of SPEC §5.4 where libraries differ', async () => {
    const { tests: edges } = JSON.parse(readFileSync('test/vectors/ed25519-edges.json', 'utf8')) as {
      readonly tests: readonly (Readonly<Record<'publicKey' | 'message' | 'signature', string>> & { valid: boolean })[];
    };
    const batch = edges.map(({ publicKey, message, signature }) => ({
      publicKey: decodeHex(`0x${publicKey}`),
      message: decodeHex(`0x${message}`),
      signature: decodeHex(`0x${signature}`),
    }));
    const invalid = edges.flatMap(({ valid }, place) => (valid ? [] : [place]));
    expect(invalid.length).toBeGreaterThan(5);
    expect(await pool.verify(batch)).toEqual(invalid);
  });

  it('does not answer for a thread that was ended', async () => {
    const other = new SignaturePool(1);
    const answers = Promise.allSettled([other.verify(batchOf(1, [])), other.verify(batchOf(2, []))]);
    await other.close();
    expect((await answers).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });
});
