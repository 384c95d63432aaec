import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { act, step } from './acts.ts';
import { demoDraft } from './draft.ts';
import { download, everyone, pathOf, publish, writeOwn } from './files.ts';
import { hand, urna } from './party.ts';
import { chapter, say } from './stage.ts';
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
  writeFileSync(pathOf(commission, 'draft.json'), JSON.stringify(demoDraft(offices, times, chain), null, 2));
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
