import { groth16 } from 'snarkjs';
import { ProofPool } from '../../../protocol/node/proof-pool.ts';
import type { ProofJob } from '../../../protocol/checks/proof-queue.ts';
import { prepareKey, verifyBatch } from '../../../protocol/math/groth16-batch.ts';
import { encodeVerifyingKey } from '../../../protocol/math/groth16-key.ts';
import { proofPoints } from '../../../protocol/math/groth16-proof.ts';
import { terminate } from '../../../protocol/math/groth16.ts';
import type { BatchItem } from '../../../protocol/math/pairing/weights.ts';
import { hashWords } from '../../../protocol/hash.ts';
import type { Row } from '../row.ts';
import { median } from '../row.ts';
import { makeTrapdoor } from '../trapdoor/trapdoor.ts';

/** Signals of `ballot-8`: 39 constants of the poll, 23 of an update (SPEC §10.1). */
const CONSTANTS = 39;
const SIGNALS = 62;
const PROOFS = 512;
const TARGET = 20;
/** Jobs given to the pool at once. */
const JOBS = 4;
const POOL_SAMPLES = 3;

/** Milliseconds of one `groth16.verify` of snarkjs, the engine being warm; it uses a worker a core. */
async function snarkjsMs(vkey: unknown, signals: readonly bigint[], proof: readonly bigint[]): Promise<number> {
  const { a, b, c } = proofPoints(proof);
  const json = {
    protocol: 'groth16',
    curve: 'bn128',
    pi_a: [String(a.x), String(a.y), '1'],
    pi_b: [b.x.map(String), b.y.map(String), ['1', '0']],
    pi_c: [String(c.x), String(c.y), '1'],
  };
  const texts = signals.map(String);
  const times: number[] = [];
  for (let i = 0; i < 25; i++) {
    const start = performance.now();
    if (!(await groth16.verify(vkey, texts, json))) throw new Error('snarkjs refuses the proof');
    if (i >= 5) times.push(performance.now() - start);
  }
  return median(times);
}

/** Rows `verify` (DESIGN §5): proofs of ballots checked in batches, on one core and as observers do, beside snarkjs one by one. */
export async function rows(): Promise<Row[]> {
  const { key, simulate } = makeTrapdoor(SIGNALS);
  const word = (i: number): bigint => hashWords('bench', [BigInt(i)]) >> 3n;
  const constants = Array.from({ length: CONSTANTS }, (_, i) => word(i));
  const items: BatchItem[] = Array.from({ length: PROOFS }, (_, k) => {
    const signals = Array.from({ length: SIGNALS - CONSTANTS }, (_, i) => word(1000 + 100 * k + i));
    return { signals, proof: simulate([...constants, ...signals]) };
  });
  const prepared = await prepareKey(key, constants);
  verifyBatch(prepared, items.slice(0, 128));
  const [first] = items;
  if (first === undefined) throw new Error('no proofs');
  const reference = await snarkjsMs(encodeVerifyingKey(key), [...constants, ...first.signals], first.proof);
  await terminate();
  const times: number[] = [];
  for (let i = 0; i < 3; i++) {
    const start = performance.now();
    if (verifyBatch(prepared, items).length > 0) throw new Error('a proof was refused');
    times.push((performance.now() - start) / PROOFS);
  }
  const each = median(times);
  const together = await asObservers({ key, constants, items });
  return [
    row('verify', each, 'ballots/s, one core', reference, times.length),
    row('verify/observer', together, 'ballots/s, all cores', reference, POOL_SAMPLES),
  ];
}

function row(name: string, each: number, unit: string, reference: number, samples: number): Row {
  const ratio = reference / each;
  const [value, met] = [1000 / each, ratio >= TARGET];
  return { name, value, unit, reference: 1000 / reference, ratio, target: `ratio ≥ ${TARGET}`, met, samples };
}

/** Milliseconds a ballot with the threads that `urna observe` uses. */
async function asObservers(job: ProofJob): Promise<number> {
  const pool = new ProofPool();
  const round = async (): Promise<void> => {
    const answers = await Promise.all(Array.from({ length: JOBS }, () => pool.verify(job)));
    if (answers.some((failed) => failed.length > 0)) throw new Error('a proof was refused');
  };
  try {
    await round(); // threads started, engines warm
    const times: number[] = [];
    for (let i = 0; i < POOL_SAMPLES; i++) {
      const start = performance.now();
      await round();
      times.push((performance.now() - start) / (JOBS * job.items.length));
    }
    return median(times);
  } finally {
    await pool.close();
  }
}
