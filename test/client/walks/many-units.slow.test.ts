import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { urna } from '../../../client/cli/demo/party.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { openVote } from './electorate.ts';
import { startUrna } from './running.ts';
import { act, closeWorld, observed, openWorld } from './world.ts';
import type { World } from './world.ts';

let world: World | undefined;

beforeAll(async () => {
  const company = { officers: 1, trustees: 1, threshold: 1, registrar: true, box: false, voters: 1 };
  world = await openWorld({ ...company, quietDistricts: 20 });
}, 300_000);

afterAll(() => closeWorld(world));

/**
 * Waits until the node holds a transaction that is in no block yet, other than `known`. A busy node may take one that follows on a block just made for one
 * that comes too early, and may show what is in that block a moment longer.
 *
 * @returns its hash
 */
async function waitingTransaction({ chain: { testClient } }: World, known?: Hex): Promise<Hex> {
  for (;;) {
    const { pending, queued } = await testClient.getTxpoolContent();
    const all = [pending, queued].flatMap((held) => Object.values(held)).flatMap((each) => Object.values(each));
    const found = all.find(({ hash }) => hash !== known);
    if (found !== undefined) return found.hash;
    await sleep(20);
  }
}

describe('an election of more units than fit a transaction', () => {
  it('is aggregated in parts; killed between two of them, the command goes on where the chain stands', async () => {
    const { chain, times, registrar, commission } = world ?? {};
    if (world === undefined || chain === undefined || times === undefined || commission === undefined)
      throw new Error('there is a world');
    if (registrar === undefined) throw new Error('a registrar takes part');
    await openVote(world, registrar);
    await chain.advanceTo(times.closesAt + times.graceSeconds + times.settleSeconds + 60);
    await act(world, 'anchor');

    // The first part gets into a block; the second is lost with the program that sent it.
    const { testClient } = chain;
    await testClient.setAutomine(false);
    const killed = startUrna(commission, 'tally', 'aggregate');
    const first = await Promise.race([waitingTransaction(world), killed.ended]);
    await testClient.mine({ blocks: 1 });
    const second = await Promise.race([waitingTransaction(world, first), killed.ended]);
    await killed.kill();
    await testClient.dropTransaction({ hash: second });
    await testClient.setAutomine(true);

    expect(await urna(commission, 'tally', 'aggregate')).toMatchObject({
      aggregated: [{ contest: 'bridge', units: 5 }],
    });
    expect(await urna(commission, 'tally', 'aggregate')).toEqual({ aggregated: [] });
    await act(world, 'certify');
    const { units } = (await urna(commission, 'tally', 'result')) as { units: { state: string }[] };
    expect(units.map(({ state }) => state)).toEqual(Array.from({ length: 21 }, () => 'empty'));
    expect(await observed(world)).toEqual({ status: 0, failed: [] });
  }, 600_000);
});
