import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { hand, urna, urnaStatus } from '../../../client/cli/demo/party.ts';
import type { Party } from '../../../client/cli/demo/party.ts';
import { canonicalJson } from '../../../protocol/canonical-json.ts';
import { openVote } from './electorate.ts';
import { closeWorld, openWorld, verdictOf, writeOwn } from './world.ts';
import type { Keyed, World } from './world.ts';

let world: World | undefined;
let [voter, observer]: Party[] = [];
let box: Keyed;

beforeAll(async () => {
  world = await openWorld({ officers: 1, trustees: 1, threshold: 1, registrar: true, box: true, voters: 1 });
  [voter] = world.voters;
  observer = world.observer;
  if (world.registrar === undefined || world.box === undefined) throw new Error('a registrar and a box take part');
  box = world.box;
  await openVote(world, world.registrar);
}, 600_000);

afterAll(() => closeWorld(world));

const SEEN = { exit: 4, code: 'state/ballot' };

interface Ballot {
  readonly file: string;
  readonly fingerprint: string;
}

function parties(): { voter: Party; observer: Party } {
  if (voter === undefined || observer === undefined) throw new Error('the world is not open');
  return { voter, observer };
}

async function prepare(choice: string): Promise<Ballot> {
  const { voter } = parties();
  writeOwn(voter, 'vote.json', JSON.stringify({ bridge: [choice] }));
  const words = ['--identity', 'identity.age', '--vote-file', 'vote.json', '--out', 'prepared'];
  const { ballots } = await urna(voter, 'voter', 'prepare', ...words);
  const [ballot] = ballots as readonly Ballot[];
  if (ballot === undefined) throw new Error('nothing was prepared');
  return ballot;
}

const castWords = ({ file }: Ballot, out = 'cast'): string[] => {
  return ['voter', 'cast', '--identity', 'identity.age', '--prepared', file, '--out', out];
};

describe('cast or challenge', () => {
  let challenged: Ballot;
  let opening: Record<string, unknown>;

  it('opens a challenged ballot for an independent check, and never casts it', async () => {
    const { voter, observer } = parties();
    challenged = await prepare('yes');
    await urna(voter, 'voter', 'challenge', '--prepared', challenged.file, '--out', 'opening.json');
    expect(await verdictOf(voter, ...castWords(challenged))).toEqual(SEEN);
    hand(voter, observer, ['opening.json']);
    opening = JSON.parse(readFileSync(join(observer.folder, 'opening.json'), 'utf8')) as Record<string, unknown>;
    const noted = ['--fingerprint', challenged.fingerprint.slice(2, 22)];
    const found = await urna(observer, 'observe', 'ballot', 'opening.json', ...noted);
    expect(found).toMatchObject({
      contest: 'bridge',
      fingerprint: challenged.fingerprint,
      matches: true,
      votes: [
        { option: 'yes', value: 1 },
        { option: 'no', value: 0 },
      ],
    });
    // Interrupted, the challenge is repeated, and opens the same.
    await urna(voter, 'voter', 'challenge', '--prepared', challenged.file, '--out', 'again.json');
    expect(readFileSync(join(voter.folder, 'again.json'))).toEqual(readFileSync(join(voter.folder, 'opening.json')));
  }, 300_000);

  it('tells a program that encrypted something else than it says', async () => {
    const { observer } = parties();
    const check = async (change: object, ...more: string[]) => {
      writeFileSync(join(observer.folder, 'lie.json'), canonicalJson({ ...opening, ...change } as never));
      const { answer, status } = await urnaStatus(observer, 'observe', 'ballot', 'lie.json', ...more);
      return { exit: status, code: answer.code };
    };
    const noted = ['--fingerprint', challenged.fingerprint];
    expect(await check({ values: [0, 1] }, ...noted)).toEqual({ exit: 1, code: 'check/fingerprint' });
    expect(await check({ slot: `0x${'0'.repeat(63)}5` }, ...noted)).toEqual({ exit: 1, code: 'check/fingerprint' });
    expect(await check({ values: [1, 1] }, ...noted)).toEqual({ exit: 3, code: 'opening/rule' });
    expect(await check({ election: `0x${'7'.repeat(40)}` }, ...noted)).toEqual({ exit: 3, code: 'opening/election' });
    expect(await check({ chainId: 1 }, ...noted)).toEqual({ exit: 3, code: 'opening/election' });
    expect(await check({ poll: 9 }, ...noted)).toEqual({ exit: 3, code: 'opening/file' });
    expect(await check({}, '--fingerprint', '1234')).toEqual({ exit: 2, code: 'usage/fingerprint' });
    expect(await check({})).toEqual({ exit: 0, code: 'ok' });
  }, 300_000);

  it('casts a prepared ballot as it was shown, and never opens it', async () => {
    const { voter } = parties();
    const [ballot, spare] = [await prepare('no'), await prepare('yes')];
    const { ballots } = await urna(voter, ...castWords(ballot));
    expect(ballots).toMatchObject([{ contest: 'bridge', fingerprint: ballot.fingerprint }]);
    const opened = ['voter', 'challenge', '--prepared', ballot.file, '--out', 'receipt.json'];
    expect(await verdictOf(voter, ...opened)).toEqual(SEEN);
    hand(voter, box, ['cast']);
    expect(readdirSync(join(box.folder, 'cast')).length).toBe(1);
    expect(await urna(box, 'box', 'post', 'cast')).toMatchObject({ counted: 1 });
    // The other was prepared for the empty slot; proved for its new state it would show that the slot's owner made the update.
    expect(await verdictOf(voter, ...castWords(spare))).toEqual({ exit: 4, code: 'state/slot' });
    const both = ['voter', 'cast', '--identity', 'identity.age', '--out', 'cast'];
    expect(await verdictOf(voter, ...both)).toEqual({ exit: 2, code: 'usage/option' });
  }, 300_000);
});
