import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readProvingArtifacts } from '../../../circuits/artifacts.ts';
import { ruleOf } from '../../../protocol/ballot/presets.ts';
import { drawRandomness } from '../../../protocol/ballot/randomness.ts';
import { parseJson } from '../../../protocol/canonical-json.ts';
import type { VerifyingKey } from '../../../protocol/math/groth16-key.ts';
import { decodeVerifyingKey } from '../../../protocol/math/groth16-key.ts';
import type { ProvingEngine } from '../../../protocol/math/groth16.ts';
import { calculateWitness, loadProvingEngine, terminate, verifyOne } from '../../../protocol/math/groth16.ts';
import type { ProvingKey } from '../../../protocol/math/proving-key.ts';
import { readProvingKey } from '../../../protocol/math/proving-key.ts';
import { finishProof, prepareProof, publicWires } from '../../../protocol/math/split-prover.ts';
import { openPoll, stream } from '../../circuits/fixture.ts';

const { wasm, zkey, verifyingKeyBytes } = readProvingArtifacts(
  join(import.meta.dirname, '../../../circuits/artifacts'),
  'ballot-2',
  'development',
);
let engine: ProvingEngine;
let key: ProvingKey;
let verifyingKey: VerifyingKey;
let [before, chosen]: Uint8Array[] = [];

beforeAll(async () => {
  engine = await loadProvingEngine();
  key = readProvingKey(zkey);
  verifyingKey = decodeVerifyingKey(parseJson(verifyingKeyBytes));
  const poll = await openPoll(ruleOf('single', { blank: true }, 2));
  const randomness = drawRandomness(stream(1));
  before = await calculateWitness(wasm, poll.vote(0, [0n, 0n], undefined, randomness).inputs);
  chosen = await calculateWitness(wasm, poll.vote(0, [0n, 1n], undefined, randomness).inputs);
});

afterAll(terminate);

const verify = (witness: Uint8Array, proof: readonly bigint[]): Promise<boolean> =>
  verifyOne(verifyingKey, publicWires(witness, key.publicSignals), proof);

describe('readProvingKey', () => {
  it('reads the size of a circuit', () => {
    expect([key.wires, key.publicSignals, key.domain]).toEqual([8123, 26, 8192]);
  });

  it.each([new Uint8Array(0), zkey.slice(1), Uint8Array.of(...zkey.slice(0, 4), 2, ...zkey.slice(5, 40))])(
    'refuses what is no proving key',
    (bytes) => {
      expect(() => readProvingKey(bytes)).toThrow(expect.objectContaining({ code: 'zkey/invalid' }));
    },
  );
});

describe('finishProof', () => {
  it('proves a choice made after everything else was prepared, and nothing but it', async () => {
    const prepared = await prepareProof(engine, key, before!);
    const proof = await finishProof(engine, key, prepared, chosen!, stream(2));
    expect(await verify(chosen!, proof)).toBe(true);
    expect(await verify(before!, proof)).toBe(false);
  });

  it('proves the witness it was prepared for', async () => {
    const proof = await finishProof(engine, key, await prepareProof(engine, key, chosen!), chosen!, stream(3));
    expect(await verify(chosen!, proof)).toBe(true);
  });

  it('blinds: other random bytes give another proof of the same, the same bytes the same', async () => {
    const prepared = await prepareProof(engine, key, before!);
    const prove = (seed: number): Promise<readonly bigint[]> =>
      finishProof(engine, key, prepared, chosen!, stream(seed));
    const [first, second, again] = [await prove(4), await prove(5), await prove(4)];
    expect(again).toEqual(first);
    expect(second.filter((word, i) => word === first[i])).toEqual([]);
    expect(await verify(chosen!, second)).toBe(true);
  });

  it('makes no proof of a witness that breaks a constraint', async () => {
    const wrong = Uint8Array.from(chosen!);
    wrong[32 * (key.wires - 1)]! ^= 1;
    const proof = await finishProof(engine, key, await prepareProof(engine, key, before!), wrong, stream(6));
    expect(await verify(wrong, proof)).toBe(false);
  });

  it('refuses the witness of another circuit', async () => {
    await expect(prepareProof(engine, key, chosen!.slice(32))).rejects.toThrow(
      expect.objectContaining({ code: 'proof/witness' }),
    );
    const prepared = await prepareProof(engine, key, before!);
    await expect(finishProof(engine, key, prepared, chosen!.slice(32), stream(7))).rejects.toThrow(
      expect.objectContaining({ code: 'proof/witness' }),
    );
  });
});
