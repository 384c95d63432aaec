import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readProvingArtifacts } from '../../../circuits/artifacts.ts';
import { ruleOf } from '../../../protocol/ballot/presets.ts';
import { drawRandomness } from '../../../protocol/ballot/randomness.ts';
import { parseJson } from '../../../protocol/canonical-json.ts';
import type { VerifyingKey } from '../../../protocol/math/groth16-key.ts';
import { decodeVerifyingKey } from '../../../protocol/math/groth16-key.ts';
import { terminate, verifyOne } from '../../../protocol/math/groth16.ts';
import { proveWitness, publicWires } from '../../../protocol/math/prover.ts';
import type { ProvingEngine } from '../../../protocol/math/proving-engine.ts';
import { loadProvingEngine } from '../../../protocol/math/proving-engine.ts';
import type { ProvingKey } from '../../../protocol/math/proving-key.ts';
import { readProvingKey } from '../../../protocol/math/proving-key.ts';
import type { PreparedCircuit } from '../../../protocol/math/split-prover.ts';
import { finishProof, openCircuit, prepareCircuit, prepareProof } from '../../../protocol/math/split-prover.ts';
import {
  calculateWitness,
  loadWitnessCalculator,
  runWitnessCalculator,
} from '../../../protocol/math/witness-calculator.ts';
import { openPoll, stream } from '../../circuits/fixture.ts';

const { wasm, zkey, verifyingKeyBytes } = readProvingArtifacts(
  join(import.meta.dirname, '../../../circuits/artifacts'),
  'ballot-2',
  'development',
);
let engine: ProvingEngine;
let key: ProvingKey;
let circuit: PreparedCircuit;
let verifyingKey: VerifyingKey;
let [before, other, chosen]: Uint8Array[] = [];

beforeAll(async () => {
  engine = await loadProvingEngine();
  key = readProvingKey(zkey);
  circuit = await prepareCircuit(engine, key);
  verifyingKey = decodeVerifyingKey(parseJson(verifyingKeyBytes));
  const poll = await openPoll(ruleOf('single', { blank: true }, 2));
  const randomness = drawRandomness(stream(1));
  before = await calculateWitness(wasm, poll.vote(0, [0n, 0n], undefined, randomness).inputs);
  other = await calculateWitness(wasm, poll.vote(0, [1n, 0n], undefined, randomness).inputs);
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
    const prepared = await prepareProof(engine, circuit, before!, [other!]);
    const proof = await finishProof(engine, circuit, prepared, chosen!, stream(2));
    expect(await verify(chosen!, proof)).toBe(true);
    expect(await verify(before!, proof)).toBe(false);
  });

  it('proves the witness it was prepared for', async () => {
    const proof = await finishProof(
      engine,
      circuit,
      await prepareProof(engine, circuit, chosen!, []),
      chosen!,
      stream(3),
    );
    expect(await verify(chosen!, proof)).toBe(true);
  });

  it('proves a choice that changes wires nobody expected to change', async () => {
    const prepared = await prepareProof(engine, circuit, before!, []);
    expect(prepared.open).toEqual([]);
    const proof = await finishProof(engine, circuit, prepared, chosen!, stream(8));
    expect(await verify(chosen!, proof)).toBe(true);
  });

  it('blinds: other random bytes give another proof of the same, the same bytes the same', async () => {
    const prepared = await prepareProof(engine, circuit, before!, [other!]);
    const prove = (seed: number): Promise<readonly bigint[]> =>
      finishProof(engine, circuit, prepared, chosen!, stream(seed));
    const [first, second, again] = [await prove(4), await prove(5), await prove(4)];
    expect(again).toEqual(first);
    expect(second.filter((word, i) => word === first[i])).toEqual([]);
    expect(await verify(chosen!, second)).toBe(true);
  });

  it('proves without multiples of the quotient’s points just as well', async () => {
    const opened = await openCircuit(engine, key);
    expect(opened.h).toBe(undefined);
    const prepared = await prepareProof(engine, opened, before!, [other!]);
    const [without, proof] = [
      await finishProof(engine, opened, prepared, chosen!, stream(12)),
      await finishProof(engine, circuit, prepared, chosen!, stream(12)),
    ];
    expect(without).toEqual(proof);
    expect(await verify(chosen!, without)).toBe(true);
  });

  it('hands multiples over to the workers for its first proof, and copies them for another', async () => {
    const prepared = await prepareProof(engine, circuit, before!, [other!]);
    const lengths = (): number[] => prepared.spares.map(({ length }) => length);
    expect(lengths()).toEqual(circuit.h.shares.map(({ multiples }) => multiples.length));
    for (const seed of [9, 10]) {
      expect(await verify(chosen!, await finishProof(engine, circuit, prepared, chosen!, stream(seed)))).toBe(true);
      expect(lengths()).toEqual(prepared.spares.map(() => 0));
    }
  });

  it('makes no proof of a witness that breaks a constraint', async () => {
    const wrong = Uint8Array.from(chosen!);
    wrong[32 * (key.wires - 1)]! ^= 1;
    const proof = await finishProof(
      engine,
      circuit,
      await prepareProof(engine, circuit, before!, [other!]),
      wrong,
      stream(6),
    );
    expect(await verify(wrong, proof)).toBe(false);
  });

  it('refuses the witness of another circuit', async () => {
    await expect(prepareProof(engine, circuit, chosen!.slice(32), [])).rejects.toThrow(
      expect.objectContaining({ code: 'proof/witness' }),
    );
    const prepared = await prepareProof(engine, circuit, before!, [other!]);
    await expect(finishProof(engine, circuit, prepared, chosen!.slice(32), stream(7))).rejects.toThrow(
      expect.objectContaining({ code: 'proof/witness' }),
    );
  });
});

describe('proveWitness', () => {
  it('proves a witness all at once, blinded by the random bytes', async () => {
    const [first, second] = [
      await proveWitness(engine, key, chosen!, stream(9)),
      await proveWitness(engine, key, chosen!, stream(10)),
    ];
    expect([await verify(chosen!, first), await verify(chosen!, second)]).toEqual([true, true]);
    expect(second.filter((word, i) => word === first[i])).toEqual([]);
    expect(await verify(before!, first)).toBe(false);
  });
});

describe('runWitnessCalculator', () => {
  it('makes the same witness again, also after inputs that it refused', async () => {
    const poll = await openPoll(ruleOf('single', { blank: true }, 2));
    const { inputs } = poll.vote(0, [0n, 1n], undefined, drawRandomness(stream(1)));
    const calculator = await loadWitnessCalculator(wasm);
    await expect(runWitnessCalculator(calculator, { ...inputs, selector: 2n })).rejects.toThrow(
      expect.objectContaining({ code: 'proof/witness' }),
    );
    for (let i = 0; i < 2; i++) expect(await runWitnessCalculator(calculator, inputs)).toEqual(chosen);
  });
});
