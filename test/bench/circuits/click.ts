import { join } from 'node:path';
import { readProvingArtifacts } from '../../../circuits/artifacts.ts';
import { exampleVotes } from '../../../protocol/ballot/example-votes.ts';
import { ruleOf } from '../../../protocol/ballot/presets.ts';
import type { Randomness } from '../../../protocol/ballot/randomness.ts';
import { drawRandomness } from '../../../protocol/ballot/randomness.ts';
import { prove, terminate } from '../../../protocol/math/groth16.ts';
import { loadProvingEngine } from '../../../protocol/math/proving-engine.ts';
import { readProvingKey } from '../../../protocol/math/proving-key.ts';
import type { PreparedProof } from '../../../protocol/math/split-prover.ts';
import { finishProof, prepareCircuit, prepareProof } from '../../../protocol/math/split-prover.ts';
import { loadWitnessCalculator, runWitnessCalculator } from '../../../protocol/math/witness-calculator.ts';
import type { Row } from '../row.ts';
import { rowRatioAtMost } from '../row.ts';
import { openPoll, stream } from '../../circuits/fixture.ts';
import { makeSemaphore } from './semaphore.ts';
import type { Subject } from './turns.ts';
import { takeTurns } from './turns.ts';

/** Highest ratio to a Semaphore v4 proof of depth 20 in the same process (DESIGN §5). */
const LIMIT = 0.35;
const SAMPLES = 9;
/** What the voter will choose; the preparation does not know it. */
const CHOICE = [1n, 0n, 1n, 0n, 1n, 1n, 0n, 1n];

/** Everything from the choice to the proof; the circuit, and nobody's votes under the same randomness, are prepared before, as a voter's client does. */
async function clicks(): Promise<Subject> {
  const folder = join(import.meta.dirname, '../../../circuits/artifacts');
  const { wasm, zkey } = readProvingArtifacts(folder, 'ballot-8', 'development');
  const rule = ruleOf('approval', {}, 8);
  const poll = await openPoll(rule);
  const engine = await loadProvingEngine();
  const calculator = await loadWitnessCalculator(wasm);
  const circuit = await prepareCircuit(engine, readProvingKey(zkey));
  const witness = (values: readonly bigint[], randomness: Randomness): Promise<Uint8Array> =>
    runWitnessCalculator(calculator, poll.vote(0, values, undefined, randomness).inputs);
  let ready: { randomness: Randomness; prepared: PreparedProof } | undefined;
  return {
    name: 'click',
    prepare: async (sample) => {
      const randomness = drawRandomness(stream(sample));
      const examples: Uint8Array[] = [];
      for (const values of exampleVotes(rule, CHOICE.length)) examples.push(await witness(values, randomness));
      const [first, ...others] = examples;
      if (first === undefined) throw new Error('nobody’s vote is none');
      ready = { randomness, prepared: await prepareProof(engine, circuit, first, others) };
    },
    run: async (sample) => {
      if (ready === undefined) throw new Error('nothing prepared');
      const { randomness, prepared } = ready;
      await finishProof(engine, circuit, prepared, await witness(CHOICE, randomness), stream(1000 + sample));
    },
  };
}

/** Milliseconds from the voter's choice to the proof of `ballot-8`; `…/cpu` is processor time of all threads. */
export async function rows(): Promise<Row[]> {
  const { wasm, zkey, inputs } = await makeSemaphore();
  const reference: Subject = { name: 'semaphore', run: () => prove(wasm, zkey, inputs) };
  const times = await takeTurns([await clicks(), reference], SAMPLES);
  await terminate();
  return (['wall', 'cpu'] as const).map((kind) => {
    const [value, base] = ['click', 'semaphore'].map((name) => times.get(name)?.[kind] ?? NaN) as [number, number];
    return rowRatioAtMost(`click/ballot-8${kind === 'cpu' ? '/cpu' : ''}`, value, 'ms', base, LIMIT, SAMPLES);
  });
}
