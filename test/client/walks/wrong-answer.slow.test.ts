import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { urna } from '../../../client/cli/demo/party.ts';
import { dealWrongly, spoilAnswer } from './bad-dealer.ts';
import { ceremonyOf, closeWorld, makeSteps, observed, openWorld, postSteps, step } from './world.ts';
import type { World } from './world.ts';

let world: World | undefined;

beforeAll(async () => {
  world = await openWorld({ officers: 1, trustees: 3, threshold: 2, registrar: false, box: false, voters: 0 });
}, 300_000);

afterAll(() => closeWorld(world));

describe('a wrong share, answered wrongly', () => {
  it('puts the dealer out; the others start again without it and make the keys', async () => {
    const [first, second, third] = world?.trustees ?? [];
    if (world === undefined || first === undefined || second === undefined || third === undefined)
      throw new Error('three trustees take part');
    const dealer = await dealWrongly(world);
    await step(world, 'accuse', [first], '--dealer', '3', '--lane', '0');
    const answers = await makeSteps(world, 'answer', [third], '--accuser', '1', '--lane', '0');
    spoilAnswer(dealer, answers[0] ?? '');
    await postSteps(world, [third], answers);
    expect(await ceremonyOf(world)).toEqual({ attempt: 2, stage: 'commit' });
    const others = [first, second];
    for (const name of ['commit', 'reveal', 'deal', 'confirm']) await step(world, name, others);
    await urna(world.commission, 'trustee', 'finish');
    expect(await ceremonyOf(world)).toEqual({ attempt: 2, stage: 'done' });
    expect(await observed(world, '--so-far')).toEqual({ status: 0, failed: [] });
  }, 300_000);
});
