import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { urna } from '../../../client/cli/demo/party.ts';
import { castNow, count, openVote } from './electorate.ts';
import { act, closeWorld, exportFor, observed, openWorld, verdictOf } from './world.ts';
import type { World } from './world.ts';

let world: World | undefined;

beforeAll(async () => {
  world = await openWorld({ officers: 1, trustees: 1, threshold: 1, registrar: true, box: true, voters: 2 });
}, 300_000);

afterAll(() => closeWorld(world));

/** What a trustee's tool says to a record without anchor, which a lying node may have thinned out. */
async function decryptNow(world: World): Promise<Awaited<ReturnType<typeof verdictOf>>> {
  const [trustee] = world.trustees;
  if (trustee === undefined) throw new Error('a trustee takes part');
  const record = await exportFor(world, [trustee]);
  const files = ['--key', 'key.age', '--secrets', 'secrets', '--record', record, '--out', 'early.json'];
  return verdictOf(trustee, 'trustee', 'decrypt', ...files);
}

describe('a vote extended after it had closed', () => {
  it('takes first ballots again until the new closing time, and is counted after it', async () => {
    const { chain, times, registrar, box, voters, commission, officers } = world ?? {};
    const [first, second] = voters ?? [];
    const [officer] = officers ?? [];
    if (world === undefined || chain === undefined || times === undefined || commission === undefined)
      throw new Error('there is a world');
    if (registrar === undefined || box === undefined) throw new Error('a registrar and a box take part');
    if (first === undefined || second === undefined || officer === undefined) throw new Error('two voters take part');
    await openVote(world, registrar);
    expect(await castNow(first, box, 'yes')).toMatchObject({ counted: 1 });

    // The vote has closed, its grace runs: the officers extend it, not further than the definition lets them.
    await chain.advanceTo(times.closesAt + 600);
    const record = await exportFor(world, [officer]);
    const late = String(times.closesAt + times.maxExtensionSeconds + 3600);
    const signing = ['--key', 'key.age', '--record', record, '--expires', String(times.closesAt + 86_400)];
    const beyond = ['--closes-at', late, '--reason', 'too far', '--out', 'beyond.json'];
    const refused = await verdictOf(officer, 'officer', 'sign', 'extend', ...signing, ...beyond);
    expect(refused).toEqual({ exit: 4, code: 'state/time' });
    const closesAt = times.closesAt + times.maxExtensionSeconds;
    await act(world, 'extend', '--closes-at', String(closesAt), '--reason', 'The network was down for hours.');
    expect(await urna(commission, 'election', 'status')).toMatchObject({ phase: 'open', closesAt });

    expect(await castNow(second, box, 'no')).toMatchObject({ counted: 1 });
    // The extension is a round of its own: the box masks the first voter's slot in it, and the second has had its update.
    expect(await urna(box, 'box', 'mask')).toMatchObject({ due: 1, counted: 1 });
    await chain.advanceTo(closesAt + times.graceSeconds + times.settleSeconds + 60);
    expect(await decryptNow(world)).toEqual({ exit: 4, code: 'state/anchor' });
    await count(world);
    const result = (await urna(commission, 'tally', 'result')) as { units: { counts: unknown }[] };
    expect(result.units.map(({ counts }) => counts)).toEqual([{ yes: 1, no: 1 }]);
    expect(await observed(world)).toEqual({ status: 0, failed: [] });
  }, 600_000);
});
