import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { act, step } from './acts.ts';
import { demoDraft } from './draft.ts';
import { codeInLetter, download, everyone, pathOf, publish, writeOwn } from './files.ts';
import { hand, urna, urnaStatus } from './party.ts';
import { chapter, each, say } from './stage.ts';
import { connectAll } from './world.ts';
import type { World } from './world.ts';

/** Definition, contracts, approval. */
export async function define(world: World): Promise<void> {
  chapter('The commission defines the election and puts its contracts on chain');
  const { commission, officers, trustees, boxes, registrar, chain, times } = world;
  const addresses = (list: readonly { readonly address: `0x${string}` }[]) => list.map(({ address }) => address);
  const offices = {
    registrar: registrar.address,
    officers: addresses(officers),
    trustees: addresses(trustees),
    boxes: addresses(boxes),
  };
  writeFileSync(pathOf(commission, 'draft.json'), JSON.stringify(demoDraft(offices, times, chain.chain.id), null, 2));
  const made = await urna(commission, 'election', 'new', '--draft', 'draft.json', '--out', 'election.json');
  say(`definition hash ${String(made['hash'])}`);
  publish(world, commission, 'election.json', 'election.json');
  download(world, [commission]);
  connectAll(world);
  const deployed = await urna(commission, 'election', 'deploy', '--out', 'deployment.json');
  say(`contract ${String(deployed['election'])}`);
  publish(world, commission, 'deployment.json', 'deployment.json');
  download(world, everyone(world));
  await act(world, 'approve');
}

/** The credential authority's work, offline, and the seal of its lists. */
export async function credentials(world: World): Promise<void> {
  chapter('The credential authority makes credentials and letters, and the officers seal the lists');
  const { authority, voters, officers, registrar } = world;
  const lines = voters.map(({ id, name, district }) => `${id};${name};${district}`);
  writeOwn(authority, 'voters.csv', `\uFEFFid;name;district\r\n${lines.join('\r\n')}\r\n`);
  const made = await urna(authority, 'credentials', 'make', '--voters', 'voters.csv', '--out', 'made');
  const districts = made['districts'] as readonly { readonly credentials?: number; readonly count: number }[];
  say(`${districts.reduce((sum, { count }) => sum + count, 0)} letters printed`);
  publish(world, authority, join('made', 'public'), 'credentials');
  download(world, [...officers, registrar]);
  for (const { id, party } of voters) hand(authority, party, [join('made', 'secret', 'letters', `${id}.txt`)]);
  await act(world, 'credentials', '--lists', join('public', 'credentials'));
}

/** The trustees' key ceremony: nobody ever holds the key. */
export async function ceremony(world: World): Promise<void> {
  chapter('Five trustees make the keys; three of them can decrypt the sums');
  for (const name of ['commit', 'reveal', 'deal', 'confirm']) await step(world, name);
  await urna(world.commission, 'trustee', 'finish');
}

/** Registration: signed files from voters; a forged one is refused. */
export async function registration(world: World): Promise<void> {
  chapter('Voters make identities and register');
  const { voters, registrar, chain, times } = world;
  await chain.advanceTo(times.registrationOpens + 60);
  const registering = voters.filter(({ registers }) => registers);
  await each('registrations', registering, async ({ party, id, district }) => {
    await urna(party, 'voter', 'new', '--out', 'identity.age', '--words-file', 'words.txt');
    writeOwn(party, 'code.txt', codeInLetter(party, `${id}.txt`));
    const own = ['--commitment', 'identity.commitment.json', '--code-file', 'code.txt', '--district', district];
    await urna(party, 'voter', 'register', ...own, '--out', `registration-${id}.json`);
    hand(party, registrar, [`registration-${id}.json`], 'registrations');
  });
  say(`${voters.length - registering.length} of ${voters.length} voters do not register`);
}

/** The roll: collected, posted, open to challenge, sealed. */
export async function roll(world: World): Promise<void> {
  chapter('The registrar puts the roll on chain; the officers seal it after the time for challenges');
  const { registrar, chain, times, voters, commission } = world;
  await chain.advanceTo(times.registrationCloses + 60);
  const lists = ['--lists', join('public', 'credentials')];
  forge(world);
  const out = ['--out', 'registrations-1.jsonl'];
  const collected = await urnaStatus(registrar, 'roll', 'collect', 'registrations', ...lists, ...out);
  const refused = collected.answer.data['refused'] as readonly { readonly code: string }[];
  if (collected.status !== 1 || refused.length !== 1)
    throw new Error('exactly the forged registration must be refused');
  say(`a registration without the right signature was refused: ${refused[0]?.code ?? ''}`);
  publish(world, registrar, 'registrations-1.jsonl', 'registrations-1.jsonl');
  await urna(registrar, 'roll', 'post', '--registrations', 'registrations-1.jsonl');
  download(world, everyone(world));
  const asking = voters.filter(({ registers }) => registers).slice(0, 2);
  await each('voters compare the roll with their registration', asking, ({ party, id }) => {
    const files = [
      '--registrations',
      join('public', 'registrations-1.jsonl'),
      '--registration',
      `registration-${id}.json`,
    ];
    return urna(party, 'roll', 'challenge', ...files);
  });
  await chain.advance(times.challengeSeconds + 60);
  const sealed = ['--registrations', join('public', 'registrations-1.jsonl'), '--roll-version', '1'];
  await act(world, 'seal', ...sealed);
  await urna(commission, 'election', 'prepare');
  say('version 1 of the roll is sealed by two of three officers');
}

/** Somebody without a credential hands in a registration for a voter who did not register. */
function forge({ registrar, voters }: World): void {
  const absent = voters.find(({ registers }) => !registers);
  if (absent === undefined) throw new Error('the plan needs a voter who does not register');
  const forged = {
    commitment: `0x${'0'.repeat(63)}7`,
    credentialKey: `0x${'ab'.repeat(32)}`,
    district: 0,
    sequence: 1,
    signature: `0x${'11'.repeat(64)}`,
  };
  writeOwn(registrar, join('registrations', `registration-${absent.id}.json`), `${JSON.stringify(forged)}\n`);
}
