import { proveWitness } from '../math/prover.ts';
import type { ProvingEngine } from '../math/proving-engine.ts';
import type { ProvingKey } from '../math/proving-key.ts';
import { readProvingKey } from '../math/proving-key.ts';
import type { PreparedCircuit, PreparedProof } from '../math/split-prover.ts';
import { finishProof, prepareCircuit, prepareProof } from '../math/split-prover.ts';
import type { WitnessCalculator } from '../math/witness-calculator.ts';
import { loadWitnessCalculator, runWitnessCalculator } from '../math/witness-calculator.ts';
import type { RandomBytes } from '../random.ts';
import type { ProvedUpdate, ProvingArtifacts } from './prove.ts';
import { drawRandomness } from './randomness.ts';
import type { MaskRequest } from './update.ts';
import { prepareMask } from './update.ts';

/** A mask to be made: the randomness is drawn where it is proved. */
export type MaskJob = Omit<MaskRequest, 'randomness'>;

/** Makes masks of one circuit's polls, one after the other. */
export type MaskProver = (job: MaskJob) => Promise<ProvedUpdate>;

/** Masks after which preparing the circuit has paid for itself: it takes as long as five, and halves the rest. */
const PREPARE_AFTER = 10;

/**
 * A prover of many masks. Most wires of two masks are equal, whatever their polls, slots and randomness: their sums are made once, the others' points
 * get tables (SPEC §10.9).
 *
 * @param random - the platform's CSPRNG: what it gives is the only secret of a mask. Buffers that hold it are overwritten; copies that
 *   the language itself makes last until their memory is used again, at the latest as long as the thread.
 */
export async function createMaskProver(
  engine: ProvingEngine,
  { wasm, zkey }: ProvingArtifacts,
  random: RandomBytes,
): Promise<MaskProver> {
  const calculator = await loadWitnessCalculator(wasm);
  const key = readProvingKey(zkey);
  let made = 0;
  let prepared: { readonly circuit: PreparedCircuit; readonly proof: PreparedProof } | undefined;
  return async (job) => {
    if (made === PREPARE_AFTER) prepared ??= await prepare(engine, key, calculator, job, random);
    const { update, witness } = await drawMask(calculator, job, random);
    try {
      const proof = await (prepared === undefined
        ? proveWitness(engine, key, witness, random)
        : finishProof(engine, prepared.circuit, prepared.proof, witness, random));
      made += 1;
      return { update, proof };
    } finally {
      witness.fill(0);
    }
  };
}

async function drawMask(calculator: WitnessCalculator, job: MaskJob, random: RandomBytes) {
  const drawn: Uint8Array[] = [];
  const randomness = drawRandomness((length) => {
    const bytes = random(length);
    drawn.push(bytes);
    return bytes;
  });
  const { update, inputs } = prepareMask({ ...job, randomness });
  const witness = await runWitnessCalculator(calculator, inputs);
  for (const bytes of drawn) bytes.fill(0);
  return { update, witness };
}

/** Two masks that nobody will ever see: so it harms nobody that what was prepared from them serves many proofs. */
async function prepare(
  engine: ProvingEngine,
  key: ProvingKey,
  calculator: WitnessCalculator,
  job: MaskJob,
  random: RandomBytes,
) {
  const [one, other] = [await drawMask(calculator, job, random), await drawMask(calculator, job, random)];
  const circuit = await prepareCircuit(engine, key);
  return { circuit, proof: await prepareProof(engine, circuit, one.witness, [other.witness]) };
}
