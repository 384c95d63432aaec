import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hand, urna } from '../../../client/cli/demo/party.ts';
import type { Party } from '../../../client/cli/demo/party.ts';
import { act, publish, step, writeOwn } from './world.ts';
import type { Keyed, World } from './world.ts';

/** Credentials for all voters: one of the officers' folders serves as the authority's; letters go to voters, lists are sealed. */
export async function giveCredentials(world: World): Promise<void> {
  const { voters, quietDistricts, observer: authority } = world;
  const lines = [
    ...voters.map(({ name }) => `${name};${name};north\r\n`),
    ...quietDistricts.map((district) => `${district};Somebody of ${district};${district}\r\n`),
  ];
  writeOwn(authority, 'voters.csv', `id;name;district\r\n${lines.join('')}`);
  await urna(authority, 'credentials', 'make', '--voters', 'voters.csv', '--out', 'made');
  publish(world, authority, join('made', 'public'), 'credentials');
  for (const voter of voters) hand(authority, voter, [join('made', 'secret', 'letters', `${voter.name}.txt`)]);
  await act(world, 'credentials', '--lists', join('public', 'credentials'));
}

/** A voter makes an identity, and writes the letter's code into the file `code.txt`. */
export async function makeIdentity(voter: Party): Promise<void> {
  await urna(voter, 'voter', 'new', '--out', 'identity.age', '--words-file', 'words.txt');
  const letter = readFileSync(join(voter.folder, `${voter.name}.txt`), 'utf8');
  writeOwn(voter, 'code.txt', /^ +([0-9A-Z-]{20,})$/mu.exec(letter)?.[1] ?? '');
}

/** A voter makes an identity and hands a signed registration to the registrar. */
export async function register(voter: Party, registrar: Party): Promise<void> {
  await makeIdentity(voter);
  const own = ['--commitment', 'identity.commitment.json', '--code-file', 'code.txt', '--district', 'north'];
  await urna(voter, 'voter', 'register', ...own, '--out', `registration-${voter.name}.json`);
  hand(voter, registrar, [`registration-${voter.name}.json`], 'registrations');
}

/** The registrar collects registration files into a version of the roll and publishes it. @returns the file's name */
export async function collect(
  world: World,
  registrar: Party,
  version: number,
  files: readonly string[],
): Promise<string> {
  const name = `registrations-${version}.jsonl`;
  const lists = ['--lists', join('public', 'credentials')];
  await urna(registrar, 'roll', 'collect', ...files, ...lists, '--out', name);
  publish(world, registrar, name, name);
  return name;
}

/** The officers seal a version of the roll once its time for challenges has passed. */
export async function seal(world: World, version: number): Promise<void> {
  await world.chain.advance(world.times.challengeSeconds + 60);
  const file = join('public', `registrations-${version}.jsonl`);
  await act(world, 'seal', '--registrations', file, '--roll-version', String(version));
}

/** How voters come into version 1 of the roll once registration has opened; the end of registration is its affair, too. */
export type Enrol = (world: World, registrar: Keyed) => Promise<void>;

/** By files that voters hand to the registrar, who posts the roll. */
async function enrolByFiles(world: World, registrar: Keyed): Promise<void> {
  const { chain, times, voters } = world;
  for (const voter of voters) await register(voter, registrar);
  await chain.advanceTo(times.registrationCloses + 60);
  const file = await collect(world, registrar, 1, ['registrations']);
  await urna(registrar, 'roll', 'post', '--registrations', file);
}

/** The whole way to the opening of the vote, for all voters. */
export async function openVote(world: World, registrar: Keyed, enrol: Enrol = enrolByFiles): Promise<void> {
  const { chain, times, trustees, commission } = world;
  await giveCredentials(world);
  for (const name of ['commit', 'reveal', 'deal', 'confirm']) await step(world, name, trustees);
  await urna(commission, 'trustee', 'finish');
  await chain.advanceTo(times.registrationOpens + 60);
  await enrol(world, registrar);
  await seal(world, 1);
  await urna(commission, 'election', 'prepare');
  await chain.advanceTo(times.opensAt + 60);
}

/** A voter casts in one go, and the box posts it. @returns what the box says */
export async function castNow(voter: Party, box: Party, choice: string): Promise<Readonly<Record<string, unknown>>> {
  writeOwn(voter, 'vote.json', JSON.stringify({ bridge: [choice] }));
  const folder = `cast-${voter.name}`;
  await urna(voter, 'voter', 'cast', '--identity', 'identity.age', '--vote-file', 'vote.json', '--out', folder);
  hand(voter, box, [folder]);
  return urna(box, 'box', 'post', folder);
}

/** Anchor, sums, decryption by all trustees, counts and certificate. */
export async function count(world: World): Promise<void> {
  const { commission, trustees } = world;
  await act(world, 'anchor');
  await urna(commission, 'tally', 'aggregate');
  await step(world, 'decrypt', trustees);
  await urna(commission, 'tally', 'count');
  await act(world, 'certify');
}
