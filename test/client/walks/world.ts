import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demoDraft } from '../../../client/cli/demo/draft.ts';
import type { DemoTimes } from '../../../client/cli/demo/draft.ts';
import { demoTimes } from '../../../client/cli/demo/draft.ts';
import { configure, createParty, hand, urna, urnaStatus } from '../../../client/cli/demo/party.ts';
import type { Party } from '../../../client/cli/demo/party.ts';
import type { EmbeddedChain } from '../../../contracts/network/embedded.ts';
import { startEmbeddedChain } from '../../../contracts/network/embedded.ts';
import { Encrypter } from 'age-encryption';
import { createAgeKey } from '../../../protocol/node/age.ts';
import { randomBytes } from '../../../protocol/node/random.ts';
import type { Role } from '../../../protocol/node/key-file.ts';
import { addressOfKey } from '../../../protocol/acts/signature.ts';
import { canonicalBytes } from '../../../protocol/canonical-json.ts';
import { encodeHex } from '../../../protocol/encoding.ts';
import type { Hex } from '../../../protocol/encoding.ts';

/** A party that holds a key. */
export interface Keyed extends Party {
  readonly address: Hex;
}

/** Who takes part with a key of their own; an office that a walk does not need has an address that nobody holds the key of. */
export interface Company {
  readonly officers: number;
  readonly trustees: number;
  readonly threshold: number;
  readonly registrar: boolean;
  readonly box: boolean;
  /** Whether there is a second ballot box; default no. */
  readonly secondBox?: boolean;
  readonly voters: number;
  /** Further districts, each a unit of its own, with one voter who stays away; default none. */
  readonly quietDistricts?: number;
  /** Whether registration takes a second factor; default no. */
  readonly twoOffices?: boolean;
}

/** A small election on a real chain: one district (and quiet ones), one question of yes and no, every party a folder, every command a process. */
export interface World {
  readonly root: string;
  readonly chain: EmbeddedChain;
  readonly times: DemoTimes;
  /** Holds the published files; every party gets copies. */
  readonly site: Party;
  readonly commission: Keyed;
  readonly officers: readonly Keyed[];
  readonly trustees: readonly Keyed[];
  readonly registrar: Keyed | undefined;
  readonly box: Keyed | undefined;
  readonly secondBox: Keyed | undefined;
  readonly voters: readonly Party[];
  /** Their ids. */
  readonly quietDistricts: readonly string[];
  readonly observer: Party;
}

const NOBODY = (digit: number): Hex => `0x${String(digit).repeat(40)}`;

/** Starts a chain, makes the parties, deploys the election and has its officers approve it. */
export async function openWorld(company: Company): Promise<World> {
  const root = mkdtempSync(join(tmpdir(), 'urna-walk-'));
  const chain = await startEmbeddedChain();
  const keyed = (role: Role, name: string): Promise<Keyed> => withKey(createParty(root, name), role);
  const world: World = {
    ...{ root, chain, times: demoTimes(await chain.now(), 'weeks') },
    site: createParty(root, 'site'),
    commission: await keyed('account', 'commission'),
    officers: await inTurn(numbers(company.officers), (i) => keyed('officer', `officer-${i}`)),
    trustees: await inTurn(numbers(company.trustees), (i) => keyed('trustee', `trustee-${i}`)),
    registrar: company.registrar ? await keyed('registrar', 'registrar') : undefined,
    box: company.box ? await keyed('box', 'box') : undefined,
    secondBox: company.secondBox === true ? await keyed('box', 'second-box') : undefined,
    voters: numbers(company.voters).map((i) => createParty(root, `voter-${i}`)),
    quietDistricts: numbers(company.quietDistricts ?? 0).map((i) => `quiet-${i}`),
    observer: createParty(root, 'observer'),
  };
  await deploy(world, company);
  await act(world, 'approve');
  return world;
}

/** Gives a party a key file as `urna … key` makes it, but with little scrypt: a walk opens keys dozens of times. */
async function withKey(party: Party, role: Role): Promise<Keyed> {
  const privateKey = randomBytes(32);
  const { secret: ageSecret } = await createAgeKey();
  const encrypter = new Encrypter();
  encrypter.setScryptWorkFactor(10);
  encrypter.setPassphrase(readFileSync(join(party.folder, 'passphrase'), 'utf8').trim());
  const plain = canonicalBytes({ type: 'urna/v1/key', role, privateKey: encodeHex(privateKey), ageSecret });
  writeFileSync(join(party.folder, 'key.age'), await encrypter.encrypt(plain), { mode: 0o600 });
  return { ...party, address: addressOfKey(privateKey) };
}

/** Stops the chain and removes the folders. */
export async function closeWorld(world: World | undefined): Promise<void> {
  await world?.chain.stop();
  if (world !== undefined) rmSync(world.root, { recursive: true, force: true });
}

function draftOf(world: World, { threshold, twoOffices = false }: Company) {
  const { officers, trustees, registrar, box, secondBox, times, chain, voters, quietDistricts } = world;
  const addresses = (list: readonly Keyed[]): Hex[] => list.map(({ address }) => address);
  const offices = {
    registrar: registrar?.address ?? NOBODY(1),
    officers: addresses(officers),
    trustees: addresses(trustees),
    boxes: [box?.address ?? NOBODY(2), ...(secondBox === undefined ? [] : [secondBox.address])],
  };
  const draft = demoDraft(offices, times, { id: chain.chain.id, profile: 'embedded', validators: undefined });
  const [bridge] = draft.contests;
  const [north] = draft.districts;
  if (bridge === undefined || north === undefined) throw new Error('the demo has a question and a district');
  return {
    ...draft,
    assurance: twoOffices ? 'two-office' : draft.assurance,
    officers: { keys: offices.officers, quorum: officers.length },
    trustees: { keys: offices.trustees, threshold },
    districts: [
      { ...north, voters: Math.max(1, voters.length) },
      ...quietDistricts.map((id) => ({ ...north, id, voters: 1 })),
    ],
    contests: [{ ...bridge, units: ['north', ...quietDistricts].map(unitOf) }],
    minAnonymitySet: 1,
  };
}

/** The unit of a district that is counted by itself. */
function unitOf(id: string) {
  return { id, districts: [id], mergeInto: null };
}

async function deploy(world: World, company: Company): Promise<void> {
  const { chain, commission, registrar, box, secondBox, officers, trustees, voters, observer } = world;
  for (const party of [commission, registrar, box, secondBox]) {
    if (party !== undefined) await chain.testClient.setBalance({ address: party.address, value: 10n ** 20n });
  }
  writeFileSync(join(commission.folder, 'draft.json'), JSON.stringify(draftOf(world, company)));
  await urna(commission, 'election', 'new', '--draft', 'draft.json', '--out', 'election.json');
  const common = { public: 'public', deployment: join('public', 'deployment.json') };
  const online = { ...common, rpc: chain.url };
  for (const party of [commission, registrar, box, secondBox]) {
    if (party !== undefined) configure(party, { ...online, accountFile: 'key.age' });
  }
  for (const party of [...officers, ...trustees]) configure(party, common);
  for (const party of [...voters, observer]) configure(party, online);
  publish(world, commission, 'election.json', 'election.json');
  await urna(commission, 'election', 'deploy', '--out', 'deployment.json');
  publish(world, commission, 'deployment.json', 'deployment.json');
}

/** Publishes a party's file: everybody gets a copy in the own public folder. */
export function publish(world: World, from: Party, name: string, as: string): void {
  const { commission, officers, trustees, registrar, box, secondBox, voters, observer } = world;
  for (const party of [commission, ...officers, ...trustees, registrar, box, secondBox, ...voters, observer]) {
    if (party === undefined) continue;
    mkdirSync(join(party.folder, 'public'), { recursive: true });
    cpSync(join(from.folder, name), join(party.folder, 'public', as), { recursive: true });
  }
}

let exported = 0;

/** The commission's export of the record, handed to those who work offline. */
export async function exportFor({ commission }: World, parties: readonly Party[]): Promise<string> {
  exported += 1;
  const name = `record-${exported}`;
  await urna(commission, 'record', 'export', '--out', name);
  for (const party of parties) hand(commission, party, [name]);
  return name;
}

/** Every officer derives an act from the own material and signs it, offline. @returns their files, at `to` now */
export async function sign(world: World, to: Party, name: string, ...options: readonly string[]): Promise<string[]> {
  const record = await exportFor(world, world.officers);
  const expires = String(world.times.closesAt + 30 * 86_400);
  return inTurn(world.officers, async (officer) => {
    const file = `act-${name}-${officer.name}.json`;
    const common = ['--key', 'key.age', '--record', record, '--expires', expires];
    await urna(officer, 'officer', 'sign', name, ...common, '--out', file, ...options);
    hand(officer, to, [file]);
    return file;
  });
}

/** {@link sign}, and the commission puts the act on chain. */
export async function act(world: World, name: string, ...options: readonly string[]): Promise<void> {
  await urna(world.commission, 'officer', 'submit', ...(await sign(world, world.commission, name, ...options)));
}

/** A trustee's step as it is called, to the file `out`. */
export function stepWords(name: string, record: string, out: string): string[] {
  return ['trustee', name, '--key', 'key.age', '--secrets', 'secrets', '--record', record, '--out', out];
}

/** Trustees make their files of a step, each offline. @returns the files' names, each in its trustee's folder */
export async function makeSteps(
  world: World,
  name: string,
  trustees: readonly Party[],
  ...options: readonly string[]
): Promise<string[]> {
  const record = await exportFor(world, trustees);
  return inTurn(trustees, async (trustee) => {
    const file = `${record}-${name}-${trustee.name}.json`;
    await urna(trustee, ...stepWords(name, record, file), ...options);
    return file;
  });
}

/** Trustees hand their files over, and the commission posts them. */
export async function postSteps(
  { commission }: World,
  trustees: readonly Party[],
  files: readonly string[],
): Promise<void> {
  trustees.forEach((trustee, i) => hand(trustee, commission, files.slice(i, i + 1)));
  await urna(commission, 'trustee', 'post', ...files);
}

/** {@link makeSteps}, {@link postSteps}. */
export async function step(
  world: World,
  name: string,
  trustees: readonly Party[],
  ...options: readonly string[]
): Promise<string[]> {
  const files = await makeSteps(world, name, trustees, ...options);
  await postSteps(world, trustees, files);
  return files;
}

/** Attempt and stage of the ceremony, as the chain tells them. */
export async function ceremonyOf({ commission }: World): Promise<unknown> {
  return (await urna(commission, 'election', 'status'))['ceremony'];
}

/** What an observer's verification says: its exit status, and every check that does not hold. */
export async function observed(
  world: World,
  ...words: readonly string[]
): Promise<{ status: number; failed: unknown[] }> {
  const { status, failed } = await verified(world, ...words);
  return { status, failed };
}

/** {@link observed}, and what the verification says of who decided. */
export async function verified(
  { observer, chain }: World,
  ...words: readonly string[]
): Promise<{ status: number; failed: unknown[]; assurance: unknown }> {
  const { election } = JSON.parse(readFileSync(join(observer.folder, 'public', 'deployment.json'), 'utf8')) as {
    readonly election: string;
  };
  const own = ['observe', 'run', '--rpc', chain.url, '--election', election, ...words];
  const { answer, status } = await urnaStatus(observer, ...own);
  const checks = answer.data['checks'] as readonly { readonly ok: boolean }[];
  return { status, failed: checks.filter(({ ok }) => !ok), assurance: answer.data['assurance'] };
}

/** Exit status and code of a command that may refuse. */
export async function verdictOf(party: Party, ...words: readonly string[]): Promise<{ exit: number; code: string }> {
  const { answer, status } = await urnaStatus(party, ...words);
  return { exit: status, code: answer.code };
}

/** {@link verdictOf} a command that must refuse, and its sentence. */
export async function refusalOf(
  party: Party,
  ...words: readonly string[]
): Promise<{ exit: number; code: string; message: unknown }> {
  const { answer, status } = await urnaStatus(party, ...words);
  return { exit: status, code: answer.code, message: answer.data['message'] };
}

/** A file that only its owner can read. */
export function writeOwn(party: Party, name: string, text: string): void {
  writeFileSync(join(party.folder, name), text, { mode: 0o600 });
}

/** 1 … n */
function numbers(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i + 1);
}

/** Works one after the other: walks share their machine with other tests. */
export async function inTurn<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}
