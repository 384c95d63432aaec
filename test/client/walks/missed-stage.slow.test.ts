import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { urna } from '../../../client/cli/demo/party.ts';
import {
  ceremonyOf,
  closeWorld,
  exportFor,
  makeSteps,
  observed,
  openWorld,
  postSteps,
  step,
  stepWords,
  verdictOf,
} from './world.ts';
import type { World } from './world.ts';

let world: World | undefined;

beforeAll(async () => {
  world = await openWorld({ officers: 1, trustees: 3, threshold: 2, registrar: false, box: false, voters: 0 });
}, 300_000);

afterAll(() => closeWorld(world));

describe('a trustee who misses a stage', () => {
  it('is left out once the deadline has passed; the others start again and make the keys', async () => {
    const [first, second, third] = world?.trustees ?? [];
    if (world === undefined || first === undefined || second === undefined || third === undefined)
      throw new Error('three trustees take part');
    const { chain, commission, times } = world;
    const others = [first, second];
    await step(world, 'commit', world.trustees);
    await step(world, 'reveal', others);
    const late = await makeSteps(world, 'reveal', [third]);
    expect(await verdictOf(commission, 'trustee', 'timeout')).toMatchObject({ exit: 4 });
    expect(await ceremonyOf(world)).toEqual({ attempt: 1, stage: 'reveal' });
    await chain.advance(times.challengeSeconds + 60);
    await expect(postSteps(world, [third], late)).rejects.toThrow('exit 4');
    expect(await urna(commission, 'trustee', 'timeout')).toMatchObject({ attempt: 2, stage: 'commit' });
    const record = await exportFor(world, [third]);
    expect(await verdictOf(third, ...stepWords('commit', record, 'commit-2.json'))).toEqual({
      exit: 4,
      code: 'ceremony/inactive',
    });
    for (const name of ['commit', 'reveal', 'deal', 'confirm']) await step(world, name, others);
    await urna(commission, 'trustee', 'finish');
    expect(await ceremonyOf(world)).toEqual({ attempt: 2, stage: 'done' });
    expect(await observed(world, '--so-far')).toEqual({ status: 0, failed: [] });
  }, 300_000);
});
