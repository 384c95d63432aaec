import { join } from 'node:path';
import { readProvingArtifacts } from '../../../circuits/artifacts.ts';
import { ruleOf } from '../../../protocol/ballot/presets.ts';
import { drawRandomness } from '../../../protocol/ballot/randomness.ts';
import { calculateWitness, loadProvingEngine, prove, terminate } from '../../../protocol/math/groth16.ts';
import { readProvingKey } from '../../../protocol/math/proving-key.ts';
import { finishProof, prepareProof } from '../../../protocol/math/split-prover.ts';
import type { Row } from '../row.ts';
import { median, rowRatioAtMost } from '../row.ts';
import { openPoll, stream } from '../../circuits/fixture.ts';
import { makeSemaphore } from './semaphore.ts';

/** Highest ratio to a Semaphore v4 proof of depth 20 in the same process (DESIGN §5). */
const LIMIT = 0.35;
const SAMPLES = 15;

/** Milliseconds from the voter's choice to the proof of `ballot-8`, sums of all else prepared before. */
export async function rows(): Promise<Row[]> {
  const folder = join(import.meta.dirname, '../../../circuits/artifacts');
  const { wasm, zkey } = readProvingArtifacts(folder, 'ballot-8', 'development');
  const poll = await openPoll(ruleOf('approval', {}, 8));
  const engine = await loadProvingEngine();
  const key = readProvingKey(zkey);
  const semaphore = await makeSemaphore();
  const [waits, references]: [number[], number[]] = [[], []];
  for (let sample = 0; sample <= SAMPLES; sample++) {
    const randomness = drawRandomness(stream(sample));
    const blank = poll.vote(
      0,
      Array.from({ length: 8 }, () => 0n),
      undefined,
      randomness,
    );
    const prepared = await prepareProof(engine, key, await calculateWitness(wasm, blank.inputs));
    const clicked = performance.now();
    const vote = poll.vote(0, [1n, 0n, 1n, 0n, 1n, 1n, 0n, 1n], undefined, randomness);
    await finishProof(engine, key, prepared, await calculateWitness(wasm, vote.inputs), stream(1000 + sample));
    const proved = performance.now();
    await prove(semaphore.wasm, semaphore.zkey, semaphore.inputs);
    // The first round only warms up.
    if (sample > 0)
      [waits, references].forEach((list, i) => list.push([proved - clicked, performance.now() - proved][i] ?? 0));
  }
  await terminate();
  return [rowRatioAtMost('click/ballot-8', median(waits), 'ms', median(references), LIMIT, SAMPLES)];
}
