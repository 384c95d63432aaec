import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { urna } from '../../../client/cli/demo/party.ts';
import { dealWrongly } from './bad-dealer.ts';
import { ceremonyOf, closeWorld, exportFor, observed, openWorld, step, stepWords, verdictOf } from './world.ts';
import type { World } from './world.ts';

let world: World | undefined;

beforeAll(async () => {
  world = await openWorld({ officers: 1, trustees: 2, threshold: 2, registrar: false, box: false, voters: 0 });
}, 300_000);

afterAll(() => closeWorld(world));

describe('a wrong share, answered well', () => {
  it('is not confirmed but accused, opened on chain and used, and the ceremony makes the keys', async () => {
    const [first, second] = world?.trustees ?? [];
    if (world === undefined || first === undefined || second === undefined) throw new Error('two trustees take part');
    await dealWrongly(world);
    const record = await exportFor(world, world.trustees);
    expect(await verdictOf(first, ...stepWords('confirm', record, 'confirm.json'))).toEqual({
      exit: 1,
      code: 'check/shares',
    });
    // Nobody accuses a dealer whose share is right.
    const wrongly = [...stepWords('accuse', record, 'accuse.json'), '--dealer', '1', '--lane', '0'];
    expect(await verdictOf(second, ...wrongly)).toEqual({ exit: 4, code: 'ceremony/accusation' });
    await step(world, 'accuse', [first], '--dealer', '2', '--lane', '0');
    await step(world, 'answer', [second], '--accuser', '1', '--lane', '0');
    await step(world, 'confirm', world.trustees);
    await urna(world.commission, 'trustee', 'finish');
    expect(await ceremonyOf(world)).toEqual({ attempt: 1, stage: 'done' });
    expect(await observed(world, '--so-far')).toEqual({ status: 0, failed: [] });
  }, 300_000);
});
