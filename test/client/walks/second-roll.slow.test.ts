import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { hand, urna, urnaStatus } from '../../../client/cli/demo/party.ts';
import { collect, giveCredentials, register, seal } from './electorate.ts';
import { closeWorld, exportFor, observed, openWorld, publish, sign, verdictOf } from './world.ts';
import type { World } from './world.ts';

let world: World | undefined;

beforeAll(async () => {
  world = await openWorld({ officers: 2, trustees: 1, threshold: 1, registrar: true, box: false, voters: 2 });
}, 300_000);

afterAll(() => closeWorld(world));

const VERSION = ['--registrations', 'public/registrations-2.jsonl', '--roll-version', '2'];
const PREVIOUS = ['--previous', 'public/registrations-1.jsonl'];

describe('a registrar who leaves a voter out', () => {
  it('is challenged, and the officers allow a second version that adds the voter and nothing else', async () => {
    const { chain, times, registrar, officers, voters } = world ?? {};
    const [first, second] = voters ?? [];
    const [officer] = officers ?? [];
    if (world === undefined || registrar === undefined || chain === undefined || times === undefined)
      throw new Error('there is a registrar');
    if (first === undefined || second === undefined || officer === undefined) throw new Error('two voters take part');
    await giveCredentials(world);
    await chain.advanceTo(times.registrationOpens + 60);
    for (const voter of [first, second]) await register(voter, registrar);
    await chain.advanceTo(times.registrationCloses + 60);
    const left = await collect(world, registrar, 1, [join('registrations', `registration-${first.name}.json`)]);
    await urna(registrar, 'roll', 'post', '--registrations', left);

    // The voter finds out, and hands the registration to the officers as evidence.
    const own = ['--registration', `registration-${second.name}.json`];
    const look = (version: number) => ['--registrations', `public/registrations-${version}.jsonl`, ...own];
    const found = await urnaStatus(second, 'roll', 'challenge', ...look(1));
    expect({ exit: found.status, code: found.answer.code }).toEqual({ exit: 1, code: 'check/registration' });

    // The officers uphold it: the corrected file, and the reasons that the differences themselves suggest.
    const right = await collect(world, registrar, 2, ['registrations']);
    const written = await urna(officer, 'roll', 'reasons', ...PREVIOUS, ...VERSION, '--out', 'reasons-2.json');
    expect(written['changes']).toMatchObject([{ district: 0, reason: 'omitted' }]);
    publish(world, officer, 'reasons-2.json', 'reasons-2.json');

    // No officer signs reasons that are not those of the differences, or for another predecessor.
    const record = await exportFor(world, [officer]);
    const bad = ['--key', 'key.age', '--record', record, '--expires', String(times.closesAt), '--out', 'bad.json'];
    const reversed = ['--registrations', 'public/registrations-1.jsonl', '--roll-version', '2'];
    const reasons = ['--reasons', 'public/reasons-2.json'];
    const unlisted = await verdictOf(
      officer,
      'officer',
      'sign',
      'version',
      ...bad,
      ...PREVIOUS,
      ...reversed,
      ...reasons,
    );
    expect(unlisted).toEqual({ exit: 3, code: 'roll-reasons/changes' });
    const wrongBase = ['--previous', 'public/registrations-2.jsonl'];
    const other = await verdictOf(officer, 'officer', 'sign', 'version', ...bad, ...wrongBase, ...VERSION, ...reasons);
    expect(other).toEqual({ exit: 3, code: 'roll/mismatch' });

    const acts = await sign(world, registrar, 'version', ...PREVIOUS, ...VERSION, ...reasons);
    expect(acts.length).toBe(2);
    for (const file of acts) hand(registrar, registrar, [file], 'acts');
    // Without the act the chain's registrar can begin nothing.
    expect(await verdictOf(registrar, 'roll', 'post', '--registrations', right)).toEqual({
      exit: 4,
      code: 'state/roll',
    });
    await urna(registrar, 'roll', 'post', '--registrations', right, '--act', 'acts', ...reasons);
    await urna(second, 'roll', 'challenge', ...look(2));
    await seal(world, 2);
    expect(await observed(world, '--so-far')).toEqual({ status: 0, failed: [] });

    // An observer who is given other reasons than those on chain notices.
    const path = join(world.observer.folder, 'public', 'reasons-2.json');
    const { writeFileSync } = await import('node:fs');
    writeFileSync(path, readFileSync(path, 'utf8').replace('omitted', 'replaced'));
    const doubted = await observed(world, '--so-far');
    expect(doubted.failed).toMatchObject([{ number: 7 }]);
  }, 300_000);
});
