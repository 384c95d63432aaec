import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Hex } from 'viem';
import { toFunctionSelector } from 'viem';
import type { PostedUpdate } from '../../../contracts/ballots/batch.ts';
import { encodeBatch } from '../../../contracts/ballots/batch.ts';
import { deployCompiled, tellingData } from '../deploy-compiled.ts';
import type { BallotsFixture } from './fixture.ts';
import { BOXES, NOBODY, startBallots, stateAfter } from './fixture.ts';

let fixture: BallotsFixture;
let later: PostedUpdate;
let own: number;
let other: number;
let nextNullifier = 5000n;
const ROUND = 4;

beforeAll(async () => {
  fixture = await startBallots();
});
afterAll(() => fixture.chain.stop());
beforeEach(async () => {
  await fixture.setRound(0);
  const first = fixture.updateOf(0, (nextNullifier += 1n));
  await fixture.post([first]);
  later = fixture.updateOf(0, nextNullifier, stateAfter(first));
  own = fixture.boxOf(nextNullifier, ROUND);
  other = BOXES.find((box) => box !== own)!;
});

const taken = async (update: PostedUpdate, from: number): Promise<boolean> =>
  (await fixture.post([update], { from })).skipped === 0n;
const castBy = (from: number): Promise<boolean> => taken(fixture.updateOf(0, (nextNullifier += 1n)), from);

describe('a later update', () => {
  it('is taken from the slot’s box of the round, not from another box or a stranger who would keep the owner out', async () => {
    await fixture.setRound(ROUND);
    expect(await taken(later, other)).toBe(false);
    expect(await taken(later, NOBODY)).toBe(false);
    expect(await taken(later, own)).toBe(true);
  });
  it('is taken from any box in the last quarter', async () => {
    await fixture.setRound(ROUND, { lastQuarter: true });
    expect(await taken(later, other)).toBe(true);
  });
  it('is taken from anyone in the last quarter before the close', async () => {
    await fixture.setRound(ROUND, { lastQuarter: true });
    expect(await taken(later, NOBODY)).toBe(true);
  });
  it('in the grace is taken from the slot’s box, in its last quarter from any box, never from a stranger', async () => {
    await fixture.setRound(ROUND, { grace: true });
    expect(await taken(later, other)).toBe(false);
    await fixture.setRound(ROUND, { grace: true, lastQuarter: true });
    expect(await taken(later, NOBODY)).toBe(false);
    expect(await taken(later, other)).toBe(true);
  });
  it('in the grace is taken from the slot’s own box at once', async () => {
    await fixture.setRound(ROUND, { grace: true });
    expect(await taken(later, own)).toBe(true);
  });
  it('moves to the next box with every round', async () => {
    const turns = [0, 1, 2, 3].map((round) => fixture.boxOf(later.update.nullifier, round));
    expect(new Set(turns.slice(0, 3)).size).toBe(3);
    expect(turns[3]).toBe(turns[0]);
  });
  it('comes once a round: a second one is skipped, whoever sends it', async () => {
    await fixture.setRound(ROUND, { lastQuarter: true });
    expect(await taken(later, own)).toBe(true);
    const state = stateAfter({ ...later, update: { ...later.update, next: later.update.old } });
    const second = fixture.updateOf(0, later.update.nullifier, stateAfter(later, state));
    for (const from of [own, other, NOBODY]) expect(await taken(second, from)).toBe(false);
    await fixture.setRound(ROUND + 1, { lastQuarter: true });
    expect(await taken(second, NOBODY)).toBe(true);
  });
  it('waits for the round after the first cast', async () => {
    await fixture.setRound(0, { lastQuarter: true });
    expect(await taken(later, fixture.boxOf(later.update.nullifier, 0))).toBe(false);
  });
});

describe('a first cast', () => {
  it('is taken from anyone before the close', async () => {
    await fixture.setRound(ROUND);
    expect(await castBy(NOBODY)).toBe(true);
    expect(await castBy(own)).toBe(true);
  });
  it('in the grace is taken from boxes only', async () => {
    await fixture.setRound(ROUND, { grace: true, lastQuarter: true });
    expect(await castBy(NOBODY)).toBe(false);
    for (const box of BOXES) expect(await castBy(box)).toBe(true);
  });
});

describe('update', () => {
  it('nothing is taken while the election is not open', async () => {
    await fixture.setRound(0, { open: false });
    await expect(castBy(NOBODY)).rejects.toThrow(toFunctionSelector('OutsideRounds(uint256)'));
  });
  it('a contract cannot pass a batch on', async () => {
    await fixture.setRound(0);
    const forwarder = await deployCompiled(fixture.chain, 'Forwarder');
    const { firsts } = encodeBatch([fixture.updateOf(0, 1n)]);
    const args = [fixture.ballots.address, fixture.calldata(0, firsts, [])];
    const call = { ...forwarder, functionName: 'forward', args, account: fixture.chain.account(NOBODY) };
    await expect(fixture.chain.publicClient.simulateContract(call)).rejects.toThrow(
      toFunctionSelector('NotDirect(address)'),
    );
  });
  it('calldata that is not the canonical encoding of its arguments is refused', async () => {
    const { firsts } = encodeBatch([fixture.updateOf(0, 2n)]);
    await fixture.setRound(0);
    const data = fixture.calldata(0, firsts, []);
    const call = (altered: Hex): Promise<unknown> =>
      tellingData(
        fixture.chain.publicClient.call({
          to: fixture.ballots.address,
          data: altered,
          account: fixture.chain.account(9),
        }),
      );
    await call(data);
    const word = (value: number): string => value.toString(16).padStart(64, '0');
    // A trailing byte; both lists shifted by a word that nobody reads.
    const head = data.slice(0, 74);
    const tail = data.slice(202);
    const shifted = `${head}${word(128)}${word(128 + 32 * 20)}${word(7)}${tail}`;
    await expect(call(shifted as Hex)).rejects.toThrow(toFunctionSelector('NotCanonical()'));
    await expect(call(`${data}00`)).rejects.toThrow(toFunctionSelector('NotCanonical()'));
  });
});
