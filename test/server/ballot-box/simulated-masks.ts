import { drawRandomness } from '../../../protocol/ballot/randomness.ts';
import { publicSignals } from '../../../protocol/ballot/statement.ts';
import { prepareMask } from '../../../protocol/ballot/update.ts';
import type { Proof } from '../../../protocol/math/groth16-proof.ts';
import { randomBytes } from '../../../protocol/node/random.ts';
import type { ProveMask } from '../../../server/ballot-box/masks/lay-masks.ts';
import type { Trapdoor } from '../../bench/trapdoor/trapdoor.ts';

/** True masks with simulated proofs, for elections whose circuit has a trapdoor. */
export function simulatedMasks({ simulate }: Trapdoor): ProveMask {
  return (job) => {
    const { update } = prepareMask({ ...job, randomness: drawRandomness(randomBytes) });
    return Promise.resolve({ update, proof: simulate(publicSignals(job.constants, update)) as unknown as Proof });
  };
}
