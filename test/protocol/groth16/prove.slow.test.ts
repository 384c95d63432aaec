import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { curves, powersOfTau, zKey } from 'snarkjs';
import { prepareKey, verifyBatch } from '../../../protocol/math/groth16-batch.ts';
import type { VerifyingKey } from '../../../protocol/math/groth16-key.ts';
import { decodeVerifyingKey } from '../../../protocol/math/groth16-key.ts';
import { decodeProof } from '../../../protocol/math/groth16-proof.ts';
import { prove, terminate, verifyOne } from '../../../protocol/math/groth16.ts';

const CIRCUIT = `pragma circom 2.0.0;
template Product() {
    signal input c;
    signal input a;
    signal input b;
    a * b === c;
}
component main {public [c]} = Product();
`;

interface Memory {
  type: 'mem';
  data?: Uint8Array;
}
let wasm: Uint8Array;
let zkey: Uint8Array;
let key: VerifyingKey;

/** A throw-away setup of a one-constraint circuit, through the real compiler and the real phases. */
beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'urna-prove-'));
  try {
    writeFileSync(join(folder, 'product.circom'), CIRCUIT);
    const circom = join(import.meta.dirname, '../../../node_modules/.bin/circom2');
    execFileSync(circom, ['product.circom', '--r1cs', '--wasm'], { cwd: folder, stdio: 'ignore' });
    wasm = new Uint8Array(readFileSync(join(folder, 'product_js/product.wasm')));
    const [start, contributed, final, key0, key1] = Array.from({ length: 5 }, (): Memory => ({ type: 'mem' }));
    await powersOfTau.newAccumulator(await curves.getCurveFromName('bn128'), 4, start);
    await powersOfTau.contribute(start, contributed, 'test', 'entropy of a test');
    await powersOfTau.preparePhase2(contributed, final);
    await zKey.newZKey({ type: 'mem', data: new Uint8Array(readFileSync(join(folder, 'product.r1cs'))) }, final, key0);
    await zKey.contribute(key0, key1, 'test', 'more entropy of a test');
    zkey = key1!.data!;
    key = decodeVerifyingKey(JSON.parse(JSON.stringify(await zKey.exportVerificationKey(key1), stringOf)));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

function stringOf(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

afterAll(terminate);

describe('prove', () => {
  it('gives a strictly decoded proof that verifies, alone and in a batch', async () => {
    const { proof, signals } = await prove(wasm, zkey, { a: 6n, b: 7n, c: 42n });
    expect(signals).toEqual([42n]);
    expect(decodeProof(proof)).toEqual(proof);
    expect(await verifyOne(key, signals, proof)).toBe(true);
    expect(await verifyOne(key, [43n], proof)).toBe(false);
    const other = await prove(wasm, zkey, { a: 2n, b: 5n, c: 10n });
    const prepared = await prepareKey(key, []);
    const items = [
      { signals, proof },
      { signals: other.signals, proof: other.proof },
    ];
    expect(verifyBatch(prepared, items)).toEqual([]);
    expect(verifyBatch(prepared, [items[0]!, { signals: [11n], proof: other.proof }])).toEqual([1]);
  });

  it('never gives the same proof twice', async () => {
    const inputs = { a: 6n, b: 7n, c: 42n };
    expect((await prove(wasm, zkey, inputs)).proof).not.toEqual((await prove(wasm, zkey, inputs)).proof);
  });

  it('refuses inputs that do not satisfy the circuit, without quoting them', async () => {
    await expect(prove(wasm, zkey, { a: 123456789n, b: 7n, c: 42n })).rejects.toMatchObject({
      code: 'proof/witness',
      message: expect.not.stringContaining('123456789'),
    });
    await expect(prove(wasm, zkey, { a: 6n, c: 42n })).rejects.toMatchObject({ code: 'proof/witness' });
  });
});
