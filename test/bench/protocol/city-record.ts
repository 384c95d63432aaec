import { rmSync } from 'node:fs';
import { circuitName } from '../../../protocol/ballot/rules.ts';
import { contextBase } from '../../../protocol/ballot/slot.ts';
import { constantSignals } from '../../../protocol/ballot/statement.ts';
import { canonicalBytes, parseCanonical } from '../../../protocol/canonical-json.ts';
import { keyLanes } from '../../../protocol/checks/replay/ceremony-replay.ts';
import type { PublishedCircuit } from '../../../protocol/checks/replay/evidence.ts';
import { decodeCredentialKeys, sealCredentialKeys } from '../../../protocol/credentials/credential-keys.ts';
import type { ElectionContext } from '../../../protocol/credentials/registration.ts';
import { wordHex } from '../../../protocol/encoding.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { at } from '../../../protocol/errors.ts';
import type { Field } from '../../../protocol/math/field.ts';
import { loadPoseidon } from '../../../protocol/math/poseidon.ts';
import { RecordWriter } from '../../../protocol/node/record-writer.ts';
import type { EntryData } from '../../../protocol/record/entry.ts';
import type { PublishedFile } from '../../../protocol/record/published-names.ts';
import { rootOfLeaves } from '../../../protocol/roll/frontier.ts';
import { rootsHash } from '../../../protocol/roll/roots.ts';
import { holdCeremony } from '../../protocol/checks/world/ceremony.ts';
import type { CeremonyOutcome } from '../../protocol/checks/world/ceremony.ts';
import { CHAIN_ID, deploy, publishedBuild } from '../../protocol/checks/world/deploy.ts';
import { NO_ACT, post } from '../../protocol/checks/world/ledger.ts';
import type { Ledger } from '../../protocol/checks/world/ledger.ts';
import { makeParties } from '../../protocol/checks/world/parties.ts';
import type { Parties } from '../../protocol/checks/world/parties.ts';
import { TIMES, definitionBytes } from '../../protocol/checks/world/plan.ts';
import { stream } from '../../protocol/checks/world/random.ts';
import type { Loose } from '../../protocol/checks/world/sign.ts';
import { signActs, signSteps } from '../../protocol/checks/world/sign.ts';
import { readyPoll } from '../../protocol/checks/world/voting.ts';
import type { Booth } from '../../protocol/checks/world/voting.ts';
import { simulatedCircuits } from '../../protocol/checks/world/world.ts';
import type { WorldCircuit } from '../../protocol/checks/world/world.ts';
import { RegistrationWriter, makeList, makeSigners } from './city-files.ts';
import { firstCasts } from './simulated-updates.ts';
import type { PollSignals } from './simulated-updates.ts';

/** Commitments of a `roll-members` entry, as the command posts them. */
const MEMBERS = 200;
const IDS = ['north', 'south', 'isle'] as const;
/** Batches of updates, and updates of each: enough for the verifier's threads and tables of proofs to be there. */
const [BATCHES, BATCH] = [10, 100] as const;
/** The poll of one contest of four lanes, in the first district. */
const POLL = 3;

/** What a city's roll is made of. */
interface CityRoll {
  readonly registrationsRoot: Hex;
  /** Commitments by district, ascending. */
  readonly members: readonly (readonly Field[])[];
  readonly lists: EntryData<'credentials'>['lists'];
}

/**
 * Writes the record of a city's election up to its first updates: true in all that checks 1 to 9 and 11 look at, but for the signatures of
 * registrations outside `signedDistrict`.
 *
 * @param voters - of each of the three districts
 */
export async function writeCity(folder: string, voters: readonly number[], signedDistrict: number): Promise<void> {
  const parties = makeParties();
  const circuits = simulatedCircuits();
  const published = circuits.map((circuit) => circuit.published);
  const definition = definitionOf(parties, published, voters);
  const ledger: Ledger = { entries: [], time: -500 };
  const keys = circuits.map(({ key }) => key);
  const { config, election, definitionHash } = deploy(ledger, parties, definition, keys);
  const domain = { chainId: CHAIN_ID, election };
  const context = { chainId: Number(CHAIN_ID), election, definitionHash };
  const writer = new RecordWriter(folder, definitionHash);
  const files = await publishProgram(writer, definition, published);
  const { registrationsRoot, members, lists } = await publishRoll(
    writer,
    files,
    folder,
    context,
    voters,
    signedDistrict,
  );

  post(ledger, 'approve', { act: NO_ACT });
  post(ledger, 'credentials', { act: NO_ACT, lists });
  ledger.time = -300;
  const setup = { ...domain, trustees: 4, threshold: 2, lanes: keyLanes(config), stageSeconds: TIMES.challengeSeconds };
  const outcome = await holdCeremony(ledger, setup);
  const roots = await postRoll(ledger, parties.registrar.address, registrationsRoot, members);
  const booth: Booth = {
    ...{ ledger, domain, config, poseidon: await loadPoseidon(), sealedRootsHash: rootsHash(roots) },
    ...{ boxes: parties.boxes.map((box) => box.address), random: stream('city') },
  };
  postUpdates(booth, { root: at(roots, 0), members: at(members, 0).length }, outcome.keys, circuits);
  const entries = ledger.entries as unknown as Loose[];
  signActs(entries, parties, domain);
  signSteps(entries, parties, domain);
  for (const entry of entries) await writer.append(canonicalBytes(entry));
  await writer.finish(context.chainId, election, files);
}

/** The world's definition with a city's voters. */
function definitionOf(parties: Parties, circuits: readonly PublishedCircuit[], voters: readonly number[]): Uint8Array {
  const world = parseCanonical(definitionBytes(parties, circuits)) as { readonly districts: readonly object[] };
  return canonicalBytes({ ...world, districts: world.districts.map((each, i) => ({ ...each, voters: voters[i] })) });
}

async function publishProgram(
  writer: RecordWriter,
  definition: Uint8Array,
  circuits: readonly PublishedCircuit[],
): Promise<PublishedFile[]> {
  const files = [await writer.publish('election.json', definition)];
  files.push(await writer.publish('build.json', canonicalBytes(publishedBuild())));
  for (const { lanes, verifyingKey, manifest } of circuits) {
    files.push(await writer.publish(`circuits/${circuitName(lanes)}/vkey.json`, verifyingKey));
    files.push(await writer.publish(`circuits/${circuitName(lanes)}/manifest.json`, manifest));
  }
  return files;
}

async function publishRoll(
  writer: RecordWriter,
  files: PublishedFile[],
  folder: string,
  context: ElectionContext,
  voters: readonly number[],
  signedDistrict: number,
): Promise<CityRoll> {
  const signers = makeSigners(at(voters, signedDistrict));
  const path = `${folder}.registrations`;
  const registrations = new RegistrationWriter(path, context, signers);
  const members: Field[][] = [];
  const lists: EntryData<'credentials'>['lists'][number][] = [];
  for (const [district, count] of voters.entries()) {
    const bytes = makeList(context, district, count, district === signedDistrict ? signers : new Map());
    files.push(await writer.publish(`credentials/${at(IDS, district)}.json`, bytes));
    const list = decodeCredentialKeys(bytes);
    const seal = sealCredentialKeys(list);
    lists.push({
      ...{ root: wordHex(seal.root), count: Number(seal.count) },
      ...{ reserveRoot: wordHex(seal.reserveRoot), reserveCount: Number(seal.reserveCount) },
    });
    const commitments = await registrations.writeDistrict(district, list.keys);
    members.push(commitments.sort((a, b) => (a < b ? -1 : 1)));
  }
  const registrationsRoot = wordHex(await registrations.finish());
  files.push(await writer.copy('registrations-1.jsonl', path));
  rmSync(path);
  return { registrationsRoot, members, lists };
}

/** Posts and seals the roll. @returns its roots */
async function postRoll(
  ledger: Ledger,
  sender: Hex,
  registrationsRoot: Hex,
  members: readonly (readonly Field[])[],
): Promise<Field[]> {
  const poseidon = await loadPoseidon();
  const time = TIMES.registrationCloses;
  ledger.time = time;
  const version = { sender, version: 1 };
  post(ledger, 'roll-begin', { ...version, registrationsRoot, reasonsHash: wordHex(0n), act: null });
  for (const [district, list] of members.entries()) {
    for (let i = 0; i < list.length; i += MEMBERS) {
      ledger.time = time; // more blocks than the plan has seconds
      post(ledger, 'roll-members', { ...version, district, commitments: list.slice(i, i + MEMBERS).map(wordHex) });
    }
  }
  const roots = members.map((list) => rootOfLeaves(poseidon, list));
  post(ledger, 'roll-complete', {
    ...version,
    roots: roots.map(wordHex),
    members: members.map(({ length }) => length),
  });
  ledger.time += TIMES.challengeSeconds;
  post(ledger, 'seal', { act: NO_ACT, version: 1, registrationsRoot, sealedRootsHash: wordHex(rootsHash(roots)) });
  return roots;
}

/** Makes a poll ready, and posts updates of voters who are nobody. */
function postUpdates(
  booth: Booth,
  roll: Parameters<typeof readyPoll>[2],
  keys: CeremonyOutcome['keys'],
  circuits: readonly WorldCircuit[],
): void {
  const circuit = circuits.find(({ published }) => published.lanes === 4);
  if (circuit === undefined) throw new Error('the world has no circuit of four lanes');
  booth.ledger.time = TIMES.opensAt - 10;
  const unused = (): never => {
    throw new Error('the bench simulates its proofs itself');
  };
  const { constants } = readyPoll(booth, POLL, roll, keys, { key: circuit.key, prove: unused });
  const poll: PollSignals = {
    ...{ lanes: constants.keys.length, signals: constantSignals(constants) },
    contextBase: contextBase({ ...booth.domain, poll: POLL }),
  };
  booth.ledger.time = TIMES.opensAt;
  for (let i = 0; i < BATCHES; i++) {
    post(booth.ledger, 'updates', {
      ...{ sender: at(booth.boxes, 0), poll: POLL, round: 0, firsts: firstCasts(poll, i * BATCH, BATCH), laters: '0x' },
      ...{ skipped: wordHex(0n), nonEmpty: (i + 1) * BATCH, sumsHash: wordHex(0n) },
    });
  }
}
