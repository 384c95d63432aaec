import { join } from 'node:path';
import { readProvingArtifacts } from '../../../circuits/artifacts.ts';
import { ruleOf } from '../../../protocol/ballot/presets.ts';
import { prove, terminate } from '../../../protocol/math/groth16.ts';
import { proveWitness } from '../../../protocol/math/prover.ts';
import { loadProvingEngine } from '../../../protocol/math/proving-engine.ts';
import { readProvingKey } from '../../../protocol/math/proving-key.ts';
import { calculateWitness } from '../../../protocol/math/witness-calculator.ts';
import type { CircuitInputs } from '../../../protocol/math/witness-calculator.ts';
import type { Row } from '../row.ts';
import { rowRatioAtMost } from '../row.ts';
import { openPoll, stream } from '../../circuits/fixture.ts';
import { makeSemaphore } from './semaphore.ts';
import type { Subject } from './turns.ts';
import { takeTurns } from './turns.ts';

/** Highest ratio to a Semaphore v4 proof of depth 20 in the same process (DESIGN §5). */
export const LIMITS = { 'ballot-2': 1.1, 'ballot-8': 1.5, 'ballot-16': 1.6 };
const SAMPLES = 7;

/** A circuit with its key and inputs that it takes. */
export interface Provable {
  readonly name: string;
  readonly wasm: Uint8Array;
  readonly zkey: Uint8Array;
  readonly inputs: CircuitInputs;
}

/** A member's vote. */
export async function ballot(name: string): Promise<Provable> {
  const folder = join(import.meta.dirname, '../../../circuits/artifacts');
  const { wasm, zkey, lanes } = readProvingArtifacts(folder, name, 'development');
  const poll = await openPoll(ruleOf('approval', {}, 2 * lanes));
  const { inputs } = poll.vote(
    0,
    poll.constants.rule.max.map((_, i) => BigInt(i % 2)),
  );
  return { name, wasm, zkey, inputs };
}

/** By this project's prover, as the shipped code proves; and by snarkjs, as Semaphore's library does. */
function provers({ name, wasm, zkey, inputs }: Provable): Subject[] {
  const own = async (): Promise<unknown> =>
    proveWitness(await loadProvingEngine(), readProvingKey(zkey), await calculateWitness(wasm, inputs), stream(1));
  return [
    { name: `own/${name}`, run: own },
    { name: `snarkjs/${name}`, run: () => prove(wasm, zkey, inputs) },
  ];
}

/**
 * Milliseconds of a full proof, witness included, beside Semaphore's: `prove/<circuit>` as each is shipped (own prover against
 * snarkjs), `prove/snarkjs/…` and `prove/own/…` with the same prover on both sides; `…/cpu` is processor time of all threads.
 */
export async function rows(): Promise<Row[]> {
  const semaphore = { name: 'semaphore', ...(await makeSemaphore()) };
  const provable = [semaphore, ...(await Promise.all(Object.keys(LIMITS).map(ballot)))];
  const times = await takeTurns(provable.flatMap(provers), SAMPLES);
  await terminate();
  const time = (name: string, kind: 'wall' | 'cpu'): number => times.get(name)?.[kind] ?? NaN;
  return Object.entries(LIMITS).flatMap(([circuit, limit]) =>
    [
      { label: '', prover: 'own', reference: 'snarkjs' },
      { label: 'snarkjs/', prover: 'snarkjs', reference: 'snarkjs' },
      { label: 'own/', prover: 'own', reference: 'own' },
    ].flatMap(({ label, prover, reference }) =>
      (['wall', 'cpu'] as const).map((kind) =>
        rowRatioAtMost(
          `prove/${label}${circuit}${kind === 'cpu' ? '/cpu' : ''}`,
          time(`${prover}/${circuit}`, kind),
          'ms',
          time(`${reference}/semaphore`, kind),
          limit,
          SAMPLES,
        ),
      ),
    ),
  );
}
