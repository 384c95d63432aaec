import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Hex } from '../../../protocol/encoding.ts';
import type { DemoChain } from './chain.ts';
import { demoTimes } from './draft.ts';
import type { DemoTimes } from './draft.ts';
import { configure, createParty, urna } from './party.ts';
import type { Party } from './party.ts';
import { planVoters } from './plan.ts';
import type { PlannedVoter } from './plan.ts';
import { twoAtATime } from './stage.ts';

/** A party that holds a key. */
export interface Keyed extends Party {
  readonly address: Hex;
}

/** Everyone in the demo, and the chain between them. */
export interface World {
  readonly chain: DemoChain;
  readonly times: DemoTimes;
  /** Published files: every party gets copies. */
  readonly site: Party;
  readonly commission: Keyed;
  readonly authority: Party;
  readonly registrar: Keyed;
  readonly officers: readonly Keyed[];
  readonly trustees: readonly Keyed[];
  readonly boxes: readonly Keyed[];
  readonly voters: readonly (PlannedVoter & { readonly party: Party })[];
  readonly observer: Party;
}

const OFFICERS = 3;
const TRUSTEES = 5;
const BOXES = 2;

/**
 * Makes all parties, each with a folder and, where it holds an office, a key of its own. Whoever pays gets money.
 *
 * @param plan - who may vote, and who does
 */
export async function createWorld(
  root: string,
  chain: DemoChain,
  plan: readonly PlannedVoter[] = planVoters(),
): Promise<World> {
  rmSync(root, { recursive: true, force: true });
  mkdirSync(root, { recursive: true, mode: 0o700 });
  const keyed = async (noun: string, name: string): Promise<Keyed> => {
    const party = createParty(root, name);
    const { address } = await urna(party, noun, 'key', '--out', 'key.age');
    return { ...party, address: address as Hex };
  };
  const many = (noun: string, count: number): Promise<Keyed[]> =>
    twoAtATime(
      Array.from({ length: count }, (_, i) => i + 1),
      (number) => keyed(noun, `${noun}-${number}`),
    );
  const [officers, trustees, boxes] = [
    await many('officer', OFFICERS),
    await many('trustee', TRUSTEES),
    await many('box', BOXES),
  ];
  const [commission, registrar] = await Promise.all([keyed('election', 'commission'), keyed('roll', 'registrar')]);
  await chain.fund([commission, registrar, ...boxes].map(({ address }) => address));
  return {
    chain,
    times: demoTimes(await chain.now(), chain.pace),
    site: createParty(root, 'public'),
    authority: createParty(root, 'authority'),
    observer: createParty(root, 'observer'),
    voters: plan.map((voter) => ({ ...voter, party: createParty(root, join('voters', voter.id)) })),
    ...{ commission, registrar, officers, trustees, boxes },
  };
}

/** Tells every party where things are: the public folder's copy in its own folder, the node, and its key where it pays. */
export function connectAll(world: World): void {
  const { chain, commission, registrar, officers, trustees, boxes, voters, observer, authority, site } = world;
  const common = { public: 'public', deployment: join('public', 'deployment.json') };
  const online = { ...common, rpc: chain.url };
  for (const party of [commission, registrar, ...boxes]) configure(party, { ...online, accountFile: 'key.age' });
  for (const party of [...officers, ...trustees, authority]) configure(party, common);
  for (const party of [...voters.map((voter) => voter.party), observer]) configure(party, online);
  configure(site, {});
}
