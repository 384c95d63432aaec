import { require } from '../errors.ts';
import type { ProofStep, StepDone } from '../math/proof-steps.ts';
import { PROOF_STEPS } from '../math/proof-steps.ts';
import { publicWires } from '../math/prover.ts';
import type { ProvingEngine } from '../math/proving-engine.ts';
import { readProvingKey } from '../math/proving-key.ts';
import type { PreparedProof } from '../math/split-prover.ts';
import { finishProof, openCircuit, prepareProof } from '../math/split-prover.ts';
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

/** Steps that are done once for a circuit. */
const OF_CIRCUIT: readonly ProofStep[] = ['coset'];
const ALL_STEPS = Object.values(PROOF_STEPS).reduce((sum, share) => sum + share, 0);

/** Hears what part of a ballot's proof is done, 0 to 1. In a single thread the next step waits for what it returns: the caller may be asked other things meanwhile. */
export type HearProof = (done: number) => void | Promise<void>;

/** @param tell - what part of a ballot's proof is done, 0 to 1, what is done once for the circuit included; from there on anew with each preparation */
function countSteps(tell: HearProof): { readonly done: StepDone; readonly begin: () => void } {
  let parts: ReadonlyMap<ProofStep, number> = new Map();
  const done = (step: ProofStep, part = 1): void | Promise<void> => {
    parts = new Map([...parts, [step, part]]);
    const shares = [...parts].map(([each, of]) => PROOF_STEPS[each] * of);
    return tell(Math.min(shares.reduce((sum, share) => sum + share, 0) / ALL_STEPS, 1));
  };
  const begin = (): void => {
    parts = new Map([...parts].filter(([step]) => OF_CIRCUIT.includes(step)));
  };
  return { done, begin };
}

/** @param random - for the proofs' blinding factors @param tell - see {@link countSteps} */
export async function createVoteProver(
  engine: ProvingEngine,
  { wasm, zkey }: ProvingArtifacts,
  random: RandomBytes,
  tell: HearProof = () => undefined,
): Promise<VoteProver> {
  const { done, begin } = countSteps(tell);
  const calculator = await loadWitnessCalculator(wasm);
  // Without the multiples that `prepareCircuit` makes: they would take longer than one voter's whole proof.
  const circuit = await openCircuit(engine, readProvingKey(zkey), done);
  let ready: PreparedProof | undefined;
  return {
    prepare: async (examples) => {
      begin();
      const witnesses: Uint8Array[] = [];
      for (const { inputs } of examples) {
        witnesses.push(await runWitnessCalculator(calculator, inputs));
        await done('examples', witnesses.length / examples.length);
      }
      const [first, ...others] = witnesses;
      require(first !== undefined, 'proof/unprepared', 'nothing can be prepared without an example');
      ready = await prepareProof(engine, circuit, first, others, done);
      others.forEach((other) => other.fill(0));
    },
    prove: async (constants, { update, inputs }) => {
      const prepared = ready;
      require(prepared !== undefined, 'proof/unprepared', 'a proof is prepared for one ballot only');
      ready = undefined;
      const witness = await runWitnessCalculator(calculator, inputs);
      try {
        await done('witness');
        requireSignals(publicWires(witness, circuit.key.publicSignals), constants, update);
        return { update, proof: await finishProof(engine, circuit, prepared, witness, random, done) };
      } finally {
        witness.fill(0);
        prepared.witness.fill(0);
      }
    },
  };
}
