import { join } from 'node:path';
import { readProvingArtifacts } from '../../../circuits/artifacts.ts';
import { ruleOf } from '../../../protocol/ballot/presets.ts';
import { calculateWitness, loadProvingEngine, prove, terminate } from '../../../protocol/math/groth16.ts';
import { readProvingKey } from '../../../protocol/math/proving-key.ts';
import { proveWitness } from '../../../protocol/math/split-prover.ts';
import type { Row } from '../row.ts';
import { median, rowRatioAtMost } from '../row.ts';
import { openPoll, stream } from '../../circuits/fixture.ts';
import { makeSemaphore } from './semaphore.ts';

/** Highest ratio to a Semaphore v4 proof of depth 20 in the same process (DESIGN §5). */
const LIMITS = { 'ballot-2': 1.1, 'ballot-8': 1.5 };
const SAMPLES = 15;

interface Subject {
  readonly prove: () => Promise<unknown>;
  readonly times: number[];
}

async function ballot(name: string): Promise<Subject> {
  const folder = join(import.meta.dirname, '../../../circuits/artifacts');
  const { wasm, zkey, lanes } = readProvingArtifacts(folder, name, 'development');
  const poll = await openPoll(ruleOf('approval', {}, 2 * lanes));
  const { inputs } = poll.vote(
    0,
    poll.constants.rule.max.map((_, i) => BigInt(i % 2)),
  );
  const engine = await loadProvingEngine();
  const full = async (): Promise<unknown> =>
    proveWitness(engine, readProvingKey(zkey), await calculateWitness(wasm, inputs), stream(1));
  return { prove: full, times: [] };
}

/**
 * Milliseconds of a full proof, witness included; Semaphore's as its library makes it, by snarkjs. The subjects take turns,
 * so that they share the machine's moods.
 */
export async function rows(): Promise<Row[]> {
  const { wasm, zkey, inputs } = await makeSemaphore();
  const reference: Subject = { prove: () => prove(wasm, zkey, inputs), times: [] };
  const subjects = [reference, ...(await Promise.all(Object.keys(LIMITS).map(ballot)))];
  for (let sample = 0; sample <= SAMPLES; sample++) {
    for (const subject of subjects) {
      const start = performance.now();
      await subject.prove();
      // The first of each only warms up.
      if (sample > 0) subject.times.push(performance.now() - start);
    }
  }
  await terminate();
  const base = median(reference.times);
  return Object.entries(LIMITS).map(([name, limit], i) =>
    rowRatioAtMost(`prove/${name}`, median(subjects[i + 1]?.times ?? []), 'ms', base, limit, SAMPLES),
  );
}
