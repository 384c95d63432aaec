import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cancel } from '../../../contracts/client/election.ts';
import type { EmbeddedChain } from '../../../contracts/network/embedded.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { hasKind } from '../../../protocol/record/entry.ts';
import type { DeployedElection } from '../deploy/development.ts';
import { PAYER, deployDevelopment } from '../deploy/development.ts';
import { startTestChain } from '../fixture/test-chain.ts';
import { Follower, fromScratch, kindsOf } from './follower.ts';
import { REASON, Story } from './story.ts';

let chain: EmbeddedChain;
let made: DeployedElection;
/** The chain as it was when nothing but the deployment had happened. */
let deployed: Hex;
let story: Story;
/** It was running all the time. */
let follower: Follower;

beforeAll(async () => {
  chain = await startTestChain();
  made = await deployDevelopment(chain);
  deployed = await chain.testClient.snapshot();
  story = new Story(chain, made);
  follower = new Follower(made);
});
afterAll(() => chain.stop());

describe('follow', () => {
  it('begins with the deployments and the definition', async () => {
    await follower.catchUp();
    expect(kindsOf(follower.record)).toEqual([...Array.from({ length: 7 }, () => 'deployment'), 'defined']);
    const names = follower.record.flatMap((entry) => (hasKind(entry, 'deployment') ? [entry.data.name] : []));
    expect(names).toEqual(['poseidon', 'circuit-key', 'roll', 'ceremony', 'ballots', 'tally', 'election']);
    const [defined] = follower.record.slice(-1);
    const { circuitKeys, ballots, tally, roll, ceremony, election } = made.deployment;
    expect(defined).toMatchObject({
      data: { chainId: 31337, election, roll, ceremony, ballots, tally, circuitKeys: [circuitKeys[0]!.address] },
    });
  });

  it('yields nothing while nothing happens', async () => {
    await chain.testClient.mine({ blocks: 1 });
    expect((await follower.catchUp()).flatMap(({ entries }) => entries)).toEqual([]);
    expect(await follower.catchUp()).toEqual([]);
  });

  it('undoes what a reorganisation took back, and tells the chain that stayed', async () => {
    await story.approveAndSeal();
    await follower.catchUp();
    expect(kindsOf(follower.record).slice(-2)).toEqual(['approve', 'credentials']);
    const before = follower.record;
    const id = await chain.testClient.snapshot();
    await chain.advanceTo(made.definition.times.registrationOpens + 601);
    await chain.testClient.mine({ blocks: 1 });
    await story.run.timeout();
    await cancel(made.at, made.sender(PAYER), REASON, await story.cancelAct());
    await follower.catchUp();
    expect(kindsOf(follower.record).slice(before.length)).toEqual(['ceremony-abort', 'cancel']);
    await chain.testClient.revert({ id });
    // A block of the same number, but not the same.
    await chain.testClient.mine({ blocks: 1 });
    const [undo] = await follower.catchUp();
    expect(undo).toMatchObject({ keep: before.length, entries: [] });
    expect(follower.record).toEqual(before);
  });

  it('undoes a reorganisation down to the definition, and reads the chain again', async () => {
    const blocks = Number(await made.at.connection.rpc.getBlockNumber());
    await chain.testClient.revert({ id: deployed });
    const left = Number(await made.at.connection.rpc.getBlockNumber());
    expect(left).toBeLessThan(blocks);
    await chain.testClient.mine({ blocks: blocks - left });
    await follower.catchUp();
    expect(follower.record).toEqual(await fromScratch(made));
    expect(kindsOf(follower.record).at(-1)).toBe('defined');
  });
});
