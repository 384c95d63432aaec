import { require } from '../errors.ts';
import { publicWires } from '../math/prover.ts';
import type { ProvingEngine } from '../math/proving-engine.ts';
import { readProvingKey } from '../math/proving-key.ts';
import type { PreparedProof } from '../math/split-prover.ts';
import { finishProof, prepareCircuit, prepareProof } from '../math/split-prover.ts';
import { loadWitnessCalculator, runWitnessCalculator } from '../math/witness-calculator.ts';
import type { RandomBytes } from '../random.ts';
import { requireSignals } from './prove.ts';
import type { ProvedUpdate, ProvingArtifacts } from './prove.ts';
import type { PollConstants } from './statement.ts';
import type { PreparedUpdate } from './update.ts';

/** Proves one voter's ballots: nearly all of the work is done before the choice is known (SPEC §10.9). Secret. */
export interface VoteProver {
  /**
   * Does what does not depend on the choice.
   *
   * @param examples - updates of the same slot under the very randomness of the ballot to come, of whatever votes
   * @throws `proof/witness`
   */
  readonly prepare: (examples: readonly PreparedUpdate[]) => Promise<void>;
  /**
   * The update with its proof, from what was prepared last, which it uses up.
   *
   * @throws `proof/witness`, `proof/unprepared`, `ballot/signals` if circuit and code belong to different versions
   */
  readonly prove: (constants: PollConstants, prepared: PreparedUpdate) => Promise<ProvedUpdate>;
}

/** @param random - for the proofs' blinding factors */
export async function createVoteProver(
  engine: ProvingEngine,
  { wasm, zkey }: ProvingArtifacts,
  random: RandomBytes,
): Promise<VoteProver> {
  const calculator = await loadWitnessCalculator(wasm);
  const circuit = await prepareCircuit(engine, readProvingKey(zkey));
  let ready: PreparedProof | undefined;
  return {
    prepare: async (examples) => {
      const witnesses: Uint8Array[] = [];
      for (const { inputs } of examples) witnesses.push(await runWitnessCalculator(calculator, inputs));
      const [first, ...others] = witnesses;
      require(first !== undefined, 'proof/unprepared', 'nothing can be prepared without an example');
      ready = await prepareProof(engine, circuit, first, others);
      others.forEach((other) => other.fill(0));
    },
    prove: async (constants, { update, inputs }) => {
      const prepared = ready;
      require(prepared !== undefined, 'proof/unprepared', 'a proof is prepared for one ballot only');
      ready = undefined;
      const witness = await runWitnessCalculator(calculator, inputs);
      try {
        requireSignals(publicWires(witness, circuit.key.publicSignals), constants, update);
        return { update, proof: await finishProof(engine, circuit, prepared, witness, random) };
      } finally {
        witness.fill(0);
        prepared.witness.fill(0);
      }
    },
  };
}
