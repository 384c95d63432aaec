import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  act,
  ceremonyOf,
  closeWorld,
  exportFor,
  makeSteps,
  observed,
  openWorld,
  postSteps,
  verdictOf,
} from './world.ts';
import type { World } from './world.ts';

let world: World | undefined;

beforeAll(async () => {
  world = await openWorld({ officers: 2, trustees: 1, threshold: 1, registrar: false, box: false, voters: 0 });
}, 300_000);

afterAll(() => closeWorld(world));

describe('a cancelled election', () => {
  it('takes nothing any more, and its record has come to its end', async () => {
    const { commission, officers, trustees, times } = world ?? {};
    const [officer] = officers ?? [];
    if (world === undefined || commission === undefined || officer === undefined || trustees === undefined || !times)
      throw new Error('an officer takes part');
    const waiting = await makeSteps(world, 'commit', trustees);
    expect(await observed(world)).toEqual({ status: 6, failed: [] });
    await act(world, 'cancel', '--reason', 'The definition has the wrong question.');
    expect(await verdictOf(commission, 'election', 'status')).toEqual({ exit: 0, code: 'ok' });
    await expect(postSteps(world, trustees, waiting)).rejects.toThrow('exit 4');
    expect(await ceremonyOf(world)).toMatchObject({ attempt: 1, stage: 'commit' });
    // Offline, an officer's command knows it from the record.
    const record = await exportFor(world, [officer]);
    const expires = ['--expires', String(times.closesAt), '--out', 'extend.json'];
    const extend = ['--closes-at', String(times.closesAt + 3600), '--reason', 'never mind'];
    const words = ['officer', 'sign', 'extend', '--key', 'key.age', '--record', record, ...expires, ...extend];
    expect(await verdictOf(officer, ...words)).toEqual({ exit: 4, code: 'state/cancelled' });
    expect(await observed(world)).toEqual({ status: 0, failed: [] });
  }, 300_000);
});
