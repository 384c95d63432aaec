import { hashWords } from '../../../protocol/hash.ts';
import type { OpenElection, Step } from '../../contracts/ballots/open-election.ts';
import { openElection } from '../../contracts/ballots/open-election.ts';
import type { Row } from '../row.ts';
import { rowAtMost } from '../row.ts';

const BATCH = 100;
/** The fixture's poll of eight options in four lanes, and an account that is nobody's. */
const POLL = 3;
const SENDER = 9;
/** Gas of Semaphore v4's `validateProof`, once a vote (its own gas report: one Groth16 verification and a nullifier). */
const SEMAPHORE = 285_600;

/** As long as a real one: calldata charges less for zero bytes. */
function nullifier(i: number): bigint {
  return hashWords('bench', [BigInt(i)]) >> 3n;
}

async function gasEach(election: OpenElection, steps: readonly Step[]): Promise<number> {
  const { skipped, receipt } = await election.post(POLL, steps, SENDER);
  if (skipped !== 0n) throw new Error('the measured batch has skipped entries');
  return Math.round(Number(receipt.gasUsed) / steps.length);
}

/** Gas of a hundred first casts and of a hundred later updates in one transaction each, an update's share; in a poll that is in use already. */
export async function measureGas(): Promise<{ first: number; later: number }> {
  const election = await openElection(BATCH + 1);
  const { chain, config } = election.world;
  try {
    const values = [1n, 0n, 0n, 0n, 0n, 0n, 0n, 0n];
    const votes = Array.from({ length: BATCH + 1 }, (_, i) => election.vote(POLL, nullifier(i), values));
    await election.post(POLL, votes.slice(0, 1), SENDER);
    const first = await gasEach(election, votes.slice(1));
    // The last quarter of the second round: anyone may post.
    await chain.advanceTo(Number(config.times.closesAt) - 1000);
    const later = await gasEach(
      election,
      votes.slice(1).map(({ slot }) => election.mask(POLL, slot)),
    );
    return { first, later };
  } finally {
    await chain.stop();
  }
}

/** Rows `gas-update/first` and `gas-update/later` (DESIGN §5): eight options, four lanes, proofs simulated with a test-only key, real contracts. */
export async function rows(): Promise<Row[]> {
  const { first, later } = await measureGas();
  return [
    rowAtMost('gas-update/first', first, 'gas', 87_000, SEMAPHORE, BATCH),
    rowAtMost('gas-update/later', later, 'gas', 78_500, SEMAPHORE, BATCH),
  ];
}
