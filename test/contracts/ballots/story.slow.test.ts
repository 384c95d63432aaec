import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { toFunctionSelector } from 'viem';
import { hashWords } from '../../../protocol/hash.ts';
import { read } from '../deploy-compiled.ts';
import { certifyAct, extend } from '../fixture/stages.ts';
import { postDecryption } from '../fixture/tally.ts';
import { refusal, send } from '../fixture/world.ts';
import type { OpenElection, Slot, Step } from './open-election.ts';
import { openElection } from './open-election.ts';

/** Twelve members, two rounds and a grace, two boxes, three of five trustees; the poll of eight options in district 0. */
const POLL = 3;
const UNIT = 3n;
const MEMBERS = 12;
const STRANGER = 9;
const BOXES = [2, 3] as const;

let election: OpenElection;
const slots = new Map<number, Slot>();
beforeAll(async () => {
  election = await openElection(MEMBERS);
}, 300_000);
afterAll(() => election.world.chain.stop());

const nullifier = (voter: number): bigint => hashWords('story', [BigInt(voter)]) >> 3n;
const choose = (option: number): bigint[] => Array.from({ length: 8 }, (_, i) => (i === option ? 1n : 0n));
const vote = (voter: number, option: number): Step =>
  election.vote(POLL, nullifier(voter), choose(option), slots.get(voter));
const mask = (voter: number): Step => election.mask(POLL, slots.get(voter)!);
/** Posts one step a voter and remembers those that took effect. @returns the voters whose update was skipped */
async function post(steps: ReadonlyMap<number, Step>, from: number): Promise<number[]> {
  const { skipped } = await election.post(POLL, [...steps.values()], from);
  const all = [...steps];
  const ordered = [
    ...all.filter(([, { posted }]) => posted.update.fresh),
    ...all.filter(([, { posted }]) => !posted.update.fresh),
  ];
  const isSkipped = (k: number): boolean => (skipped >> BigInt(k)) % 2n === 1n;
  for (const [k, [voter, step]] of ordered.entries()) if (!isSkipped(k)) slots.set(voter, step.slot);
  return ordered.filter((_, k) => isSkipped(k)).map(([voter]) => voter);
}
const served = (box: number, round: number): number[] =>
  [...slots.keys()].filter((voter) => election.boxOf(nullifier(voter), round) === box);
const steps = (voters: readonly number[], make: (voter: number) => Step): Map<number, Step> =>
  new Map(voters.map((voter) => [voter, make(voter)]));
const others = (box: number): number => (box === BOXES[0] ? BOXES[1] : BOXES[0]);

describe('an election on the real contracts, from the first cast to the certificate', () => {
  it('round 0: anyone casts first votes', async () => {
    expect(
      await post(
        steps([0, 1, 2, 3, 4], (voter) => vote(voter, voter % 3)),
        STRANGER,
      ),
    ).toEqual([]);
    expect(
      await post(
        steps([5, 6, 7], (voter) => vote(voter, 7)),
        BOXES[0],
      ),
    ).toEqual([]);
  });
  it('round 0: nobody is masked in the round of the first cast', async () => {
    expect(await post(steps([0], mask), election.boxOf(nullifier(0), 0))).toEqual([0]);
  });
  it('round 1: each box masks its slots, changed votes among them; a stranger and the other box are kept out', async () => {
    const { opensAt, closesAt } = election.world.config.times;
    await election.world.chain.advanceTo(Number((opensAt + closesAt) / 2n));
    for (const box of BOXES) {
      const own = served(box, 1);
      expect(await post(steps(own, mask), STRANGER)).toEqual(own);
      expect(await post(steps(own, mask), others(box))).toEqual(own);
      // Voter 4 changes the vote in place of the mask.
      expect(
        await post(
          steps(own, (voter) => (voter === 4 ? vote(4, 6) : mask(voter))),
          box,
        ),
      ).toEqual([]);
      expect(await post(steps(own, mask), box)).toEqual(own);
    }
  });
  it('round 1, last quarter: a first cast still comes from anyone', async () => {
    await election.world.chain.advanceTo(Number(election.world.config.times.closesAt) - 1_000);
    expect(
      await post(
        steps([8], (voter) => vote(voter, 0)),
        STRANGER,
      ),
    ).toEqual([]);
    expect(await post(steps([8], mask), STRANGER)).toEqual([8]);
  });
  it('after the close only boxes post; in the grace’s last quarter any of them', async () => {
    const { closesAt, graceSeconds } = election.world.config.times;
    await election.world.chain.advanceTo(Number(closesAt));
    expect(
      await post(
        steps([9], (voter) => vote(voter, 1)),
        STRANGER,
      ),
    ).toEqual([9]);
    expect(
      await post(
        steps([9], (voter) => vote(voter, 1)),
        BOXES[1],
      ),
    ).toEqual([]);
    const own = served(BOXES[0], 2).filter((voter) => voter !== 9);
    expect(await post(steps(own, mask), BOXES[0])).toEqual([]);
    await election.world.chain.advanceTo(Number(closesAt + (graceSeconds * 4n) / 5n));
    const rest = [...slots.keys()].filter((voter) => voter !== 9 && !own.includes(voter));
    expect(await post(steps(rest, mask), STRANGER)).toEqual(rest);
    expect(await post(steps(rest, mask), BOXES[0])).toEqual([]);
  });
  it('an extension opens again for all, as one more round; then a last one', async () => {
    const { chain, config } = election.world;
    const closesAt = config.times.closesAt + 8_000n;
    await extend(election.world, closesAt);
    expect(
      await post(
        steps([10], (voter) => vote(voter, 2)),
        STRANGER,
      ),
    ).toEqual([]);
    // The grace before the extension had this round's number: who was updated in it waits.
    expect(await post(steps([0], mask), election.boxOf(nullifier(0), 2))).toEqual([0]);
    await chain.advanceTo(Number(closesAt));
    expect(await post(steps([0], mask), election.boxOf(nullifier(0), 3))).toEqual([]);
    await chain.advanceTo(Number(closesAt + config.times.graceSeconds));
    const call = { ...election.world.ballots, functionName: 'update', args: [BigInt(POLL), [0n], []] };
    const sender = chain.account(BOXES[0]);
    const closed = toFunctionSelector('OutsideRounds(uint256)');
    await expect(chain.publicClient.simulateContract({ ...call, account: sender })).rejects.toThrow(closed);
    await chain.advanceTo(Number(closesAt + config.times.graceSeconds + config.times.settleSeconds));
  });
  it('three trustees decrypt, and the count is that of everyone’s latest vote', async () => {
    const { world, run } = election;
    for (const contest of world.config.contests.keys()) await send(world, world.tally, 'aggregate', [BigInt(contest)]);
    for (const trustee of [1, 3, 5]) await postDecryption(world, run, Number(UNIT), trustee);
    // Voters 0…3: 0 1 2 0; 4 changed 1 to 6; 5, 6, 7: 7; 8: 0; 9: 1; 10: 2.
    const counts = [3n, 2n, 2n, 0n, 0n, 0n, 1n, 3n];
    const wrong = counts.with(0, 4n);
    expect(await refusal(world, world.tally, 'submitCounts', [UNIT, wrong])).toBeDefined();
    await send(world, world.tally, 'submitCounts', [UNIT, counts]);
    expect(await read(world.chain, world.ballots, 'nonEmpty', [BigInt(POLL)])).toBe(11n);
    await send(world, world.election, 'certify', await certifyAct(world));
    expect(await read(world.chain, world.election, 'phase')).toBe(7);
  });
});
