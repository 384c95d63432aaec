import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { size } from 'viem';
import type { PostedUpdate } from '../../../contracts/ballots/batch.ts';
import { batchCapacity, encodeBatch } from '../../../contracts/ballots/batch.ts';
import type { Applied, BallotsFixture } from './fixture.ts';
import { startBallots, stateAfter } from './fixture.ts';

/** The fixture's poll of sixteen options in eight lanes. */
const POLL = 2;
const LANES = 8;
/** What a node's pool takes of one transaction, and the gas that later forks allow it. */
const POOL_BYTES = 2 ** 17;
const TRANSACTION_GAS = 16_700_000;
/** Gas an update as measured, with 1 % for the rounding of zero bytes; a change gives its reason in the commit. */
const FIRST = 98_000;
const LATER = 94_800;

let fixture: BallotsFixture;
beforeAll(async () => {
  fixture = await startBallots();
});
afterAll(() => fixture.chain.stop());

/** Posts a full batch, asks that a node and a block take it, and answers with its gas an update. */
async function gasEach(updates: readonly PostedUpdate[]): Promise<number> {
  const { firsts, laters } = encodeBatch(updates);
  expect(size(fixture.calldata(POLL, firsts, laters))).toBeLessThan(POOL_BYTES - 1024);
  const { skipped, receipt }: Applied = await fixture.postWords(firsts, laters, { poll: POLL });
  expect(skipped).toBe(0n);
  expect(Number(receipt.gasUsed)).toBeLessThan(TRANSACTION_GAS);
  return Math.round(Number(receipt.gasUsed) / updates.length);
}

describe('a full batch of eight lanes', () => {
  it('fits a transaction, first casts as well as later updates', async () => {
    expect([1, 4, 8].map(batchCapacity)).toEqual([100, 100, 80]);
    const votes = Array.from({ length: batchCapacity(LANES) }, (_, i) =>
      fixture.updateOf(POLL, (1n << 240n) + BigInt(i)),
    );
    const first = await gasEach(votes);
    await fixture.setRound(1, { lastQuarter: true });
    const later = await gasEach(votes.map((vote) => fixture.updateOf(POLL, vote.update.nullifier, stateAfter(vote))));
    process.stderr.write(`gas of an update with eight lanes: first ${first}, later ${later}\n`);
    expect(first).toBeLessThanOrEqual(FIRST);
    expect(later).toBeLessThanOrEqual(LATER);
  }, 300_000);
});
