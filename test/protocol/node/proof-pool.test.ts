import { afterAll, describe, expect, it } from '@jest/globals';
import { ProofPool } from '../../../protocol/node/proof-pool.ts';
import { verifyHere } from '../../../protocol/checks/proof-queue.ts';
import type { ProofJob } from '../../../protocol/checks/proof-queue.ts';
import { terminate } from '../../../protocol/math/groth16.ts';
import { makeTrapdoor } from '../../bench/trapdoor/trapdoor.ts';

const pool = new ProofPool(2);
const { key, simulate } = makeTrapdoor(26);

afterAll(() => Promise.all([pool.close(), terminate()]));

/** A job of simulated proofs, some of them for other signals. @param seed - below 100 */
function jobOf(seed: number, wrong: readonly number[]): ProofJob {
  const constants = Array.from({ length: 15 }, (_, i) => BigInt(seed + i));
  const items = Array.from({ length: 5 }, (_, k) => {
    const signals = Array.from({ length: 11 }, (__, i) => BigInt(1000 * k + i));
    const proof = simulate([...constants, ...signals]);
    return { signals: wrong.includes(k) ? signals.map((each) => each + 1n) : signals, proof };
  });
  return { key, constants, items };
}

describe('ProofPool', () => {
  it('answers every job as this thread would, whichever thread takes it', async () => {
    const jobs = [[], [3], [], [0, 4], [1, 2]].map((wrong, i) => jobOf(i, wrong));
    const answers = await Promise.all(jobs.map(pool.verify));
    expect(answers).toEqual([[], [3], [], [0, 4], [1, 2]]);
    expect(answers).toEqual(await Promise.all(jobs.map(verifyHere)));
  });

  it('hands on why a job cannot be verified, and goes on', async () => {
    const { items, ...rest } = jobOf(7, []);
    const short = { ...rest, items: items.map((each) => ({ ...each, signals: each.signals.slice(1) })) };
    await expect(pool.verify(short)).rejects.toMatchObject({ code: 'proof/signals' });
    expect(await pool.verify(jobOf(8, [2]))).toEqual([2]);
  });

  it('does not answer for a thread that was ended', async () => {
    const other = new ProofPool(1);
    const [first, second] = [other.verify(jobOf(1, [])), other.verify(jobOf(2, []))];
    const answers = Promise.allSettled([first, second]);
    await other.close();
    expect((await answers).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });
});
