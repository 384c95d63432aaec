import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { readProvingArtifacts } from '../../../circuits/artifacts.ts';
import { readVerifyingKey } from '../../../contracts/client/ballots.ts';
import type { ProvingArtifacts } from '../../../protocol/ballot/prove.ts';
import { circuitName, lanesFor } from '../../../protocol/ballot/rules.ts';
import { canonicalJson, parseJson } from '../../../protocol/canonical-json.ts';
import type { Json } from '../../../protocol/canonical-json.ts';
import { require } from '../../../protocol/errors.ts';
import { decodeVerifyingKey, encodeVerifyingKey } from '../../../protocol/math/groth16-key.ts';
import { ProvingPool } from '../../../protocol/node/proving-pool.ts';
import type { ServedElection } from '../../frame/election.ts';
import type { ProveMask } from './lay-masks.ts';

/** This software's own circuits. */
const INSTALLED = fileURLToPath(new URL('../../../circuits/artifacts', import.meta.url));

/** What makes masks, and ends it. */
export interface Masks {
  readonly prove: ProveMask;
  close(): Promise<void>;
}

/**
 * Threads that make masks of an election, with the circuits that are installed here.
 *
 * @param folder - of other circuits than this software's; empty for those
 * @param threads - 0 for one a core
 * @throws `artifacts/*`, `setup/hash` if the chain verifies with other keys: no mask would hold
 */
export async function openMasks({ definition, at }: ServedElection, folder: string, threads: number): Promise<Masks> {
  const circuits = new Map<number, ProvingArtifacts>();
  for (const lanes of new Set(definition.contests.map(({ options }) => lanesFor(options.length)))) {
    const circuit = readProvingArtifacts(
      folder === '' ? INSTALLED : folder,
      circuitName(lanes),
      definition.environment,
    );
    const own = encodeVerifyingKey(decodeVerifyingKey(parseJson(circuit.verifyingKeyBytes)));
    const onChain = encodeVerifyingKey(await readVerifyingKey(at, lanes));
    const same = canonicalJson(own as Json) === canonicalJson(onChain as Json);
    require(same, 'setup/hash', `the circuit for ${lanes} lanes that is installed is not the one of this election`);
    circuits.set(lanes, circuit);
  }
  const pool = new ProvingPool(circuits, threads === 0 ? availableParallelism() : threads);
  return { prove: (job) => pool.prove(job), close: () => pool.close() };
}
