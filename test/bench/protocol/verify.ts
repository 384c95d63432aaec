import { groth16 } from 'snarkjs';
import { prepareKey, verifyBatch } from '../../../protocol/math/groth16-batch.ts';
import { encodeVerifyingKey } from '../../../protocol/math/groth16-key.ts';
import { proofPoints } from '../../../protocol/math/groth16-proof.ts';
import { terminate } from '../../../protocol/math/groth16.ts';
import type { BatchItem } from '../../../protocol/math/pairing/weights.ts';
import { hashWords } from '../../../protocol/hash.ts';
import type { Row } from '../row.ts';
import { median } from '../row.ts';
import { makeTrapdoor } from '../trapdoor/trapdoor.ts';

/** Signals of `ballot-8`: 38 constants of the poll, 23 of an update (SPEC §10). */
const CONSTANTS = 38;
const SIGNALS = 61;
const PROOFS = 512;
const TARGET = 20;

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

/** Rows `verify` (DESIGN §5): proofs of ballots checked in batches on one core, as observers do, beside snarkjs one by one. */
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
  const speedup = reference / each;
  return [
    {
      name: 'verify',
      value: 1000 / each,
      unit: 'ballots/s, one core',
      reference: 1000 / reference,
      ratio: speedup,
      target: `ratio ≥ ${TARGET}`,
      met: speedup >= TARGET,
      samples: times.length,
    },
  ];
}
