import { workerData } from 'node:worker_threads';
import type { MaskJob, MaskProver } from '../ballot/prove-mask.ts';
import { createMaskProver } from '../ballot/prove-mask.ts';
import type { ProvedUpdate } from '../ballot/prove.ts';
import { UrnaError } from '../errors.ts';
import { loadOwnProvingEngine } from '../math/proving-engine.ts';
import type { SharedCircuits } from './proving-pool.ts';
import { randomBytes } from './random.ts';
import { answerJobs } from './worker-thread.ts';

/** A thread of `proving-pool.ts`: randomness of masks is drawn in here and never leaves. */
const { circuits } = workerData as { readonly circuits: SharedCircuits };
const provers = new Map<number, Promise<MaskProver>>();

answerJobs(async (job: MaskJob): Promise<ProvedUpdate> => {
  const lanes = job.constants.keys.length;
  const prover = provers.get(lanes) ?? startProver(lanes);
  provers.set(lanes, prover);
  return (await prover)(job);
});

async function startProver(lanes: number): Promise<MaskProver> {
  const circuit = circuits.get(lanes);
  if (circuit === undefined) throw new UrnaError('artifacts/missing', `no circuit for ${lanes} lanes is installed`);
  // A generator cannot be compiled from memory that threads share.
  return createMaskProver(await loadOwnProvingEngine(), { ...circuit, wasm: circuit.wasm.slice() }, randomBytes);
}
