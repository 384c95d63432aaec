import { describe, expect, it } from '@jest/globals';
import type { EmbeddedChain } from '../../../contracts/network/embedded.ts';
import { answerShare, receiveShares } from '../../../protocol/ceremony/trustee.ts';
import { l } from '../../../protocol/math/field.ts';
import type { CeremonyRun } from '../fixture/ceremony.ts';
import { signStep } from '../fixture/ceremony.ts';
import { TRUSTEES } from '../fixture/config.ts';
import { preparedBy } from '../fixture/prepared.ts';
import { approve } from '../fixture/stages.ts';
import { ceremonySuite, expectTwins, tried } from '../fixture/suite.ts';
import type { World } from '../fixture/world.ts';
import { refusal } from '../fixture/world.ts';

let chain: EmbeddedChain;
let world: World;
let run: CeremonyRun;
const keep = ceremonySuite(4, async (begun) => {
  [run, world, chain] = [begun, begun.world, begun.world.chain];
  await approve(world);
  await run.commitAll();
  await run.revealAll();
  // Dealer 1 spoils the share of recipient 2, the first of its deal.
  const spoilt = await run.dealBody(1, (deal) => deal.map((byte, i) => (i === 40 ? byte ^ 1 : byte)));
  const rest = [await run.dealBody(2), await run.dealBody(3), await run.dealBody(4)];
  for (const body of [spoilt, ...rest]) await run.post(body);
});

const accuse = (trustee: number, dealer: number): Parameters<CeremonyRun['post']>[0] => ({
  kind: 'accuse',
  trustee,
  dealer,
  lane: 0,
});
const answer = (
  trustee: number,
  accuser: number,
  share: bigint = answerShare(run.secrets.get(trustee)!, accuser, 0),
): Parameters<CeremonyRun['post']>[0] => ({ kind: 'answer', trustee, accuser, lane: 0, share });

describe('accuse', () => {
  it('is what a spoilt share leads to', async () => {
    const { faults } = await receiveShares(run.state, run.secrets.get(2)!);
    expect(faults.map(({ dealer, lane }) => [dealer, lane])).toEqual([[1, 0]]);
    expect(await tried(run, run.call(accuse(2, 1)))).toBeUndefined();
  });

  it('refuses oneself, nobody, a lane there is none of, and the same twice', async () => {
    expect(await tried(run, run.call(accuse(2, 2)))).toEqual(['BadAccusation', [2n, 0n]]);
    expect(await tried(run, run.call(accuse(2, 5)))).toEqual(['BadAccusation', [5n, 0n]]);
    expect(await tried(run, run.call(accuse(2, 0)))).toEqual(['BadAccusation', [0n, 0n]]);
    expect(await tried(run, run.call({ kind: 'accuse', trustee: 2, dealer: 1, lane: 1 }))).toEqual([
      'BadAccusation',
      [1n, 1n],
    ]);
    await run.post(accuse(2, 1));
    expect(await tried(run, run.call(accuse(2, 1)))).toEqual(['BadAccusation', [1n, 0n]]);
    await run.post(answer(1, 2));
    expect(await tried(run, run.call(accuse(2, 1)))).toEqual(['BadAccusation', [1n, 0n]]);
  });

  it('refuses who has confirmed, and who forges another’s', async () => {
    await run.post(run.confirmBody(3));
    expect(await tried(run, run.call(accuse(3, 1)))).toEqual(['AlreadyPosted', [3n]]);
    const [name, args] = run.call(accuse(2, 1));
    const forged = signStep(world, 'accuse', 1, 2, 1n, TRUSTEES[2]!);
    expect((await tried(run, [name, [...args.slice(0, 3), forged]]))![0]).toBe('NotTheTrustee');
  });

  it('is taken until the stage’s first deadline, however often that moved', async () => {
    const first = run.state.deadline;
    await chain.advanceTo(first - 100);
    await run.post(accuse(2, 1));
    await expectTwins(run);
    expect(run.state.deadline).toBeGreaterThan(first + 400);
    await chain.advanceTo(first + 1);
    expect(await tried(run, run.call(accuse(3, 1)))).toEqual(['Late', [BigInt(first + 1), BigInt(first)]]);
    expect(await tried(run, run.call(run.confirmBody(3)))).toBeUndefined();
  });
});

describe('answer', () => {
  preparedBy(keep, () => run.post(accuse(2, 1)));

  it('that is right settles the accusation and blames nobody: with a wrong share, and with a false accusation', async () => {
    expect(await tried(run, run.call(run.confirmBody(2)))).toEqual(['AccusationOpen', [2n]]);
    await run.post(answer(1, 2));
    await expectTwins(run);
    expect(run.state.active).toEqual([1, 2, 3, 4]);
    await run.post(accuse(2, 3));
    await run.post(answer(3, 2));
    await run.confirmAll();
    await run.finish();
    expect(run.state.stage).toBe('done');
    // Who accused goes on with the opened share.
    const share = await run.share(2);
    expect(share.shares).toHaveLength(1);
  });

  it('that is wrong names the dealer at once', async () => {
    await run.post(answer(1, 2, answerShare(run.secrets.get(1)!, 3, 0)));
    await expectTwins(run);
    expect(run.state.active).toEqual([2, 3, 4]);
    expect(run.state.attempt).toBe(2);
  });

  it('that is right but for l names the dealer', async () => {
    await run.post(answer(1, 2, answerShare(run.secrets.get(1)!, 2, 0) + l));
    await expectTwins(run);
    expect(run.state.active).toEqual([2, 3, 4]);
  });

  it('for a second recipient forces a new attempt and names nobody', async () => {
    await run.post(accuse(3, 4));
    await run.post(answer(1, 2));
    await run.post(answer(4, 3));
    await expectTwins(run);
    expect(run.state.attempt).toBe(2);
    expect(run.state.active).toEqual([1, 2, 3, 4]);
    // Nothing of attempt 1 counts in attempt 2, least of all its accusations.
    expect(await tried(run, run.call(answer(1, 2)))).toEqual(['WrongStage', [0]]);
  });

  it('is refused without an accusation, with other reveal words, and from another’s hand', async () => {
    expect(await tried(run, run.call(answer(1, 3)))).toEqual(['NoAccusation', [3n, 1n, 0n]]);
    expect(await tried(run, run.call(answer(3, 2)))).toEqual(['NoAccusation', [2n, 3n, 0n]]);
    const [name, args] = run.call(answer(1, 2));
    const other = [...args.slice(0, 4), run.reveals.get(3)!, args[5]];
    expect((await tried(run, [name, other]))![0]).toBe('NotRevealed');
    const wrong = [...args.slice(0, 3), 1n, args[4], args[5]];
    expect((await tried(run, [name, wrong]))![0]).toBe('NotTheTrustee');
    await run.post(answer(1, 2));
    expect(await tried(run, run.call(answer(1, 2)))).toEqual(['NoAccusation', [2n, 1n, 0n]]);
  });

  it('that never comes names the dealer, and not who waited for it', async () => {
    await run.post(run.confirmBody(1));
    await run.post(run.confirmBody(3));
    await run.post(run.confirmBody(4));
    await chain.advanceTo(run.state.deadline + 1);
    expect((await tried(run, run.call(answer(1, 2))))![0]).toBe('Late');
    await run.timeout();
    await expectTwins(run);
    expect(run.state.active).toEqual([2, 3, 4]);
  });

  it('that came leaves the accuser a full stage to confirm, and then names it', async () => {
    await chain.advanceTo(run.state.deadline - 10);
    await run.post(answer(1, 2));
    await run.post(run.confirmBody(1));
    await run.post(run.confirmBody(3));
    await run.post(run.confirmBody(4));
    expect((await refusal(world, world.ceremony, 'timeout'))![0]).toBe('DeadlineAhead');
    await chain.advanceTo(run.state.deadline + 1);
    await run.timeout();
    await expectTwins(run);
    expect(run.state.active).toEqual([1, 3, 4]);
  });
});
