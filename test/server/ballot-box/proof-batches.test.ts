import { describe, expect, it } from '@jest/globals';
import { verifyHere } from '../../../protocol/checks/proof-queue.ts';
import type { ProofJob, ProofVerifier } from '../../../protocol/checks/proof-queue.ts';
import { hashWords } from '../../../protocol/hash.ts';
import type { BatchItem } from '../../../protocol/math/pairing/weights.ts';
import type { BoxPoll } from '../../../server/ballot-box/followed/polls.ts';
import { ProofBatches } from '../../../server/ballot-box/intake/proof-batches.ts';
import { makeTrapdoor } from '../../bench/trapdoor/trapdoor.ts';

/** A small circuit: two constants of the poll, one signal of an update. */
const { key, simulate } = makeTrapdoor(3);
const word = (i: number): bigint => hashWords('test', [BigInt(i)]) >> 8n;
const pollOf = (poll: number): BoxPoll => ({ poll, key, signals: [word(poll), word(poll + 1)] }) as unknown as BoxPoll;
const [north, south] = [pollOf(10), pollOf(20)];

function item({ signals }: BoxPoll, index: number): BatchItem {
  const own = [word(100 + index)];
  return { signals: own, proof: simulate([...signals, ...own]) };
}

/** The same proof for another signal: wrong. */
function wrong(poll: BoxPoll, index: number): BatchItem {
  return { ...item(poll, index), signals: [word(999)] };
}

async function codeOf(run: Promise<unknown>): Promise<string> {
  return run.then(
    () => 'none',
    (error: unknown) => String((error as { code?: string }).code),
  );
}

/** A verifier whose jobs end when the test says so. */
function held(): { verifier: ProofVerifier; jobs: ProofJob[]; release: () => void } {
  const jobs: ProofJob[] = [];
  let open = (): void => undefined;
  const released = new Promise<void>((resolve) => (open = resolve));
  return { jobs, release: () => open(), verifier: (job) => (jobs.push(job), released.then(() => [])) };
}

describe('ProofBatches', () => {
  it('gives each proof its own verdict, whatever else is in its batch or poll', async () => {
    const batches = new ProofBatches(verifyHere, 2);
    const claims = Array.from({ length: 12 }, (_, i) => {
      const poll = i % 2 === 0 ? north : south;
      return batches.verify(poll, i === 3 || i === 8 ? wrong(poll, i) : item(poll, i));
    });
    const verdicts = await Promise.all(claims);
    expect(verdicts.flatMap((holds, i) => (holds ? [] : [i]))).toEqual([3, 8]);
    // A proof of one poll is none of another.
    expect(await batches.verify(south, item(north, 1))).toBe(false);
    expect(batches.size).toBe(0);
  });

  it('verifies together what comes together, in jobs of one poll that do not grow without end', async () => {
    const { verifier, jobs, release } = held();
    const batches = new ProofBatches(verifier, 8);
    const some = item(north, 1);
    const claims = [...Array.from({ length: 150 }, () => north), south].map((poll) => batches.verify(poll, some));
    release();
    expect(await Promise.all(claims)).toEqual(claims.map(() => true));
    expect(jobs.map(({ items }) => items.length).sort((a, b) => a - b)).toEqual([1, 22, 64, 64]);
    expect(jobs.filter(({ constants }) => constants === south.signals)).toHaveLength(1);
  });

  it('says of no proof that it holds if the threads break', async () => {
    const batches = new ProofBatches(() => Promise.reject(new Error('broken')), 1);
    const claims = [1, 2].map((i) => codeOf(batches.verify(north, item(north, i))));
    expect(await Promise.all(claims)).toEqual(['busy/proofs', 'busy/proofs']);
    expect(batches.size).toBe(0);
  });
});
