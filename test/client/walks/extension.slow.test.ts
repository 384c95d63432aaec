import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { urna } from '../../../client/cli/demo/party.ts';
import type { Party } from '../../../client/cli/demo/party.ts';
import { castNow, count, makeIdentity, openVote } from './electorate.ts';
import { publishServed, registerByLogin, startOffices } from './two-offices.ts';
import type { TwoOffices } from './two-offices.ts';
import { act, closeWorld, exportFor, openWorld, verdictOf, verified } from './world.ts';
import type { Keyed, World } from './world.ts';

let world: World | undefined;
let offices: TwoOffices | undefined;

beforeAll(async () => {
  const small = { officers: 1, trustees: 1, threshold: 1, voters: 2 };
  world = await openWorld({ ...small, registrar: true, box: true, twoOffices: true });
}, 300_000);

afterAll(async () => {
  await offices?.stop();
  await closeWorld(world);
});

/** Who has the voter's letter and is not on the list of subjects is refused, and nothing is registered. */
async function refuseStranger(voter: Party, running: TwoOffices): Promise<void> {
  const refused = await registerByLogin(voter, running, 'mallory');
  expect(refused).toMatchObject({ status: 4, shown: expect.stringContaining('second-factor/not-eligible') });
  expect(await standing(voter, running)).toEqual({ exit: 1, code: 'check/registration' });
}

/** What the voter is told who asks "am I registered?". */
function standing(voter: Party, { url }: TwoOffices): ReturnType<typeof verdictOf> {
  const own = ['--district', 'north', '--code-file', 'code.txt'];
  return verdictOf(voter, 'voter', 'registered', '--registrar', url, ...own);
}

/** Voters register with the letter's code and a login at the second office; the registrar's server makes the roll. */
async function enrolByLogin(around: World, registrar: Keyed): Promise<void> {
  const { chain, times, voters } = around;
  const running = await startOffices(around, registrar);
  offices = running;
  for (const voter of voters) {
    await makeIdentity(voter);
    if (voter === voters[0]) await refuseStranger(voter, running);
    const done = await registerByLogin(voter, running, voter.name);
    expect([done.status, done.shown]).toEqual([0, expect.stringContaining('registered. Keep the receipt')]);
    expect(await standing(voter, running)).toEqual({ exit: 0, code: 'ok' });
  }
  await chain.advanceTo(times.registrationCloses + 60);
  await publishServed(around, registrar, running);
  for (const voter of voters) {
    const published = ['--registrations', join('public', 'registrations-1.jsonl')];
    await urna(voter, 'roll', 'challenge', ...published, '--registration', `registration-${voter.name}.json`);
  }
}

/** What a trustee's tool says to a record without anchor, which a lying node may have thinned out. */
async function decryptNow(world: World): Promise<Awaited<ReturnType<typeof verdictOf>>> {
  const [trustee] = world.trustees;
  if (trustee === undefined) throw new Error('a trustee takes part');
  const record = await exportFor(world, [trustee]);
  const files = ['--key', 'key.age', '--secrets', 'secrets', '--record', record, '--out', 'early.json'];
  return verdictOf(trustee, 'trustee', 'decrypt', ...files);
}

describe('a vote of two offices, extended after it had closed', () => {
  it('takes first ballots again until the new closing time, and is counted after it', async () => {
    const { chain, times, registrar, box, voters, commission, officers } = world ?? {};
    const [first, second] = voters ?? [];
    const [officer] = officers ?? [];
    if (world === undefined || chain === undefined || times === undefined || commission === undefined)
      throw new Error('there is a world');
    if (registrar === undefined || box === undefined) throw new Error('a registrar and a box take part');
    if (first === undefined || second === undefined || officer === undefined) throw new Error('two voters take part');
    await openVote(world, registrar, enrolByLogin);
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
    expect(await verified(world)).toEqual({ status: 0, failed: [], assurance: 'two-office' });
  }, 900_000);
});
