import type { PostedUpdate } from '../../../contracts/ballots/batch.ts';
import { hashWords } from '../../../protocol/hash.ts';
import type { BallotsFixture } from '../../contracts/ballots/fixture.ts';
import { startBallots, stateAfter } from '../../contracts/ballots/fixture.ts';
import type { Row } from '../row.ts';
import { rowAtMost } from '../row.ts';

const BATCH = 100;
/** Gas of Semaphore v4's `validateProof`, once a vote (its own gas report, one Groth16 verification and a nullifier). */
const SEMAPHORE = 285_600;

/** Like a real one it has no zero bytes to speak of, which calldata would charge less for. */
function nullifier(i: number): bigint {
  return hashWords('bench', [BigInt(i)]) >> 3n;
}

async function gasEach(fixture: BallotsFixture, updates: readonly PostedUpdate[]): Promise<number> {
  const { skipped, receipt } = await fixture.post(updates);
  if (skipped !== 0n) throw new Error('the measured batch has skipped entries');
  return Number(receipt.gasUsed) / updates.length;
}

/** Gas of a hundred first casts and of a hundred later updates in one transaction each, a voter's share; on a poll that is in use already. */
export async function measureGas(fixture: BallotsFixture): Promise<{ first: number; later: number }> {
  await fixture.setRound(0);
  await fixture.post([fixture.updateOf(0, nullifier(0))]);
  const updates = Array.from({ length: BATCH }, (_, i) => fixture.updateOf(0, nullifier(i + 1)));
  const first = await gasEach(fixture, updates);
  await fixture.setRound(1, { lastQuarter: true });
  const laters = updates.map((posted) => fixture.updateOf(0, posted.update.nullifier, stateAfter(posted)));
  return { first, later: await gasEach(fixture, laters) };
}

/** Rows `gas-update/first` and `gas-update/later` (DESIGN §5): eight options, four lanes, proofs simulated with a test-only key. */
export async function rows(): Promise<Row[]> {
  const fixture = await startBallots();
  try {
    const { first, later } = await measureGas(fixture);
    return [
      rowAtMost('gas-update/first', Math.round(first), 'gas', 87_000, SEMAPHORE, BATCH),
      rowAtMost('gas-update/later', Math.round(later), 'gas', 78_500, SEMAPHORE, BATCH),
    ];
  } finally {
    await fixture.chain.stop();
  }
}
