import { require } from '../errors.ts';
import type { Field } from '../math/field.ts';
import type { VerifyingKey } from '../math/groth16-key.ts';
import type { Proof } from '../math/groth16-proof.ts';
import { verifyOne } from '../math/groth16.ts';
import { proveWitness, publicWires } from '../math/prover.ts';
import { loadProvingEngine } from '../math/proving-engine.ts';
import { readProvingKey } from '../math/proving-key.ts';
import { calculateWitness } from '../math/witness-calculator.ts';
import type { RandomBytes } from '../random.ts';
import type { PollConstants, Update } from './statement.ts';
import { publicSignals } from './statement.ts';
import type { PreparedUpdate } from './update.ts';

/** What proving takes of a circuit; hashes are checked where the bytes are read. */
export interface ProvingArtifacts {
  readonly wasm: Uint8Array;
  readonly zkey: Uint8Array;
}

/** An update with its proof: what a box posts. */
export interface ProvedUpdate {
  readonly update: Update;
  readonly proof: Proof;
}

/**
 * The prepared update with its proof. One second or two, on all cores.
 *
 * @param random - for the proof's blinding factors
 * @throws `proof/witness` if circuit and inputs disagree, `ballot/signals` if the circuit's public signals are not the
 *   update's: artifacts and code belong to different versions
 */
export async function proveUpdate(
  artifacts: ProvingArtifacts,
  constants: PollConstants,
  prepared: PreparedUpdate,
  random: RandomBytes,
): Promise<ProvedUpdate> {
  const key = readProvingKey(artifacts.zkey);
  const witness = await calculateWitness(artifacts.wasm, prepared.inputs);
  requireSignals(publicWires(witness, key.publicSignals), constants, prepared.update);
  const proof = await proveWitness(await loadProvingEngine(), key, witness, random);
  return { update: prepared.update, proof };
}

/** @throws `ballot/signals` unless a witness has the public signals of the update */
export function requireSignals(signals: readonly Field[], constants: PollConstants, update: Update): void {
  const expected = publicSignals(constants, update);
  const equal = signals.length === expected.length && expected.every((signal, i) => signal === signals[i]);
  require(equal, 'ballot/signals', 'the circuit has other public signals than the update: wrong artifacts');
}

/** True if `proof` (eight words) proves the update under the poll's constants; one proof alone, by snarkjs. */
export function verifyUpdate(
  key: VerifyingKey,
  constants: PollConstants,
  update: Update,
  proof: readonly bigint[],
): Promise<boolean> {
  return verifyOne(key, publicSignals(constants, update), proof);
}
