import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Encrypter } from 'age-encryption';
import { readVerifyingArtifacts } from '../../circuits/artifacts.ts';
import { preparePoll } from '../../contracts/client/ballots.ts';
import type { EmbeddedChain } from '../../contracts/network/embedded.ts';
import { startEmbeddedChain } from '../../contracts/network/embedded.ts';
import type { Json } from '../../protocol/canonical-json.ts';
import { circuitName } from '../../protocol/ballot/rules.ts';
import { canonicalBytes, parseJson } from '../../protocol/canonical-json.ts';
import type { PublishedCircuit } from '../../protocol/checks/replay/evidence.ts';
import { setupHash } from '../../protocol/checks/setup-hash.ts';
import { toConfig } from '../../protocol/config/to-config.ts';
import { encodeDefinition } from '../../protocol/definition/decode.ts';
import { wordHex, encodeHex } from '../../protocol/encoding.ts';
import type { Hex } from '../../protocol/encoding.ts';
import type { VerifyingKey } from '../../protocol/math/groth16-key.ts';
import { decodeVerifyingKey } from '../../protocol/math/groth16-key.ts';
import { createAgeKey } from '../../protocol/node/age.ts';
import type { Role } from '../../protocol/node/key-file.ts';
import type { Trapdoor } from '../bench/trapdoor/trapdoor.ts';
import { makeTrapdoor } from '../bench/trapdoor/trapdoor.ts';
import type { DeployedElection } from '../contracts/deploy/development.ts';
import { BOXES, PAYER, REGISTRAR, deployDevelopment, privateKey } from '../contracts/deploy/development.ts';
import { Story } from '../contracts/follower/story.ts';
import { makeOffices, makeVoters, trapdoorCircuit } from '../contracts/follower/voters.ts';
import { CeremonyRun } from '../contracts/fixture/ceremony.ts';
import { SimulatedVoters } from './simulated-voters.ts';

/** The committed circuits. */
export const ARTIFACTS = join(import.meta.dirname, '../../circuits/artifacts');

/** Lanes that a circuit can have. */
type Lanes = 1 | 4 | 8;

/** How large an election is, and of what kind. */
export interface WorldSize {
  /** Voters in `north` and `south`, who all register. */
  readonly voters?: readonly [number, number];
  /** Lanes of its one question: 1 for two options, 4 for eight, 8 for sixteen. */
  readonly lanes?: Lanes;
  /** Whether ballots have to be proved: the circuit is the committed one, and no trapdoor helps. */
  readonly isProved?: boolean;
}

/** Where an election lives that is not to live on a chain of its own, and when. */
export interface Place {
  readonly chain: EmbeddedChain;
  /** The definition's times; `now` is the newest block's. */
  times(now: number): Record<string, number>;
  /** Who seals the chain's blocks, where the definition says so. */
  readonly validators?: readonly Hex[];
  /** Whatever else is to be different in the definition. */
  readonly change?: (definition: Record<string, Json>) => void;
}

/** Files by which a service opens its account: settings `accountFile` and `accountPassphraseFile`. */
export interface AccountFiles {
  readonly accountFile: string;
  readonly accountPassphraseFile: string;
}

/**
 * A whole election on an embedded chain, sealed, with keys and prepared polls, made through the contracts in seconds; its circuit has by
 * default a known trapdoor, so that proofs take milliseconds. Two districts, two polls, two boxes, two mask rounds of 5,000 s each, 2,000 s of grace.
 */
export interface ServerWorld {
  readonly chain: EmbeddedChain;
  readonly made: DeployedElection;
  /** From here an election can be told on: acts, count. */
  readonly story: Story;
  readonly trapdoor: Trapdoor;
  /** Of which the trapdoor is, unless ballots have to be proved. */
  readonly circuit: PublishedCircuit;
  readonly voters: SimulatedVoters;
  /** A temporary folder, gone with the world. */
  readonly folder: string;
  /** Settings by which every service finds the election. */
  readonly settings: { readonly definitionFile: string; readonly election: Hex; readonly rpc: string };
  readonly registrar: AccountFiles;
  readonly boxes: readonly [AccountFiles, AccountFiles];
  close(): Promise<void>;
}

/** An election of that size whose polls are prepared; phase `ready`. Takes some seconds. */
export async function prepareWorld(
  { voters = [3, 2], lanes = 1, isProved = false }: WorldSize = {},
  place?: Place,
): Promise<ServerWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'urna-server-'));
  const chain = place?.chain ?? (await startEmbeddedChain());
  const close = async (): Promise<void> => {
    await chain.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    return { ...(await build(chain, folder, { voters, lanes, isProved }, place)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** {@link prepareWorld}, a minute after voting has opened. */
export async function openWorld(size: WorldSize = {}): Promise<ServerWorld> {
  const world = await prepareWorld(size);
  await world.chain.advanceTo(world.made.definition.times.opensAt + 60);
  return world;
}

async function build(
  chain: EmbeddedChain,
  folder: string,
  { voters, lanes, isProved }: Required<WorldSize>,
  place: Place | undefined,
): Promise<Omit<ServerWorld, 'close'>> {
  const trapdoor = makeTrapdoor(14 + 12 * lanes, BigInt(lanes));
  const circuit = isProved ? committedCircuit(lanes) : trapdoorCircuit(trapdoor);
  // Before the clock starts: where time passes by itself, registration would be open by then.
  const electorate = makeVoters(voters);
  const now = await chain.now();
  const change = (definition: Record<string, Json>): void => {
    resize(definition, voters, lanes, circuit);
    if (place === undefined) return;
    definition['times'] = place.times(now);
    place.change?.(definition);
    if (place.validators !== undefined) {
      definition['chain'] = { id: chain.chain.id, profile: chain.chain.name, validators: [...place.validators].sort() };
    }
  };
  const made = await deployDevelopment(chain, change, isProved ? keyOf(circuit) : trapdoor);
  const story = new Story(chain, made, makeOffices(made, electorate));
  await story.approveAndSeal();
  await chain.advanceTo(made.definition.times.registrationOpens);
  const { state } = await new CeremonyRun(story.run.world).complete();
  await story.makeRoll();
  for (const poll of toConfig(made.definition).polls.keys()) await preparePoll(made.at, made.sender(PAYER), poll);
  const definitionFile = join(folder, 'election.json');
  writeFileSync(definitionFile, encodeDefinition(made.definition));
  const account = (role: Role, index: number) => writeAccount(folder, role, privateKey(chain, index));
  return {
    ...{ chain, made, story, trapdoor, circuit, folder },
    voters: await SimulatedVoters.of(made, state.keys?.publicKeys ?? [], trapdoor),
    settings: { definitionFile, election: made.at.election, rpc: chain.url },
    registrar: await account('registrar', REGISTRAR),
    boxes: [await account('box', BOXES[0]), await account('box', BOXES[1])],
  };
}

function committedCircuit(lanes: Lanes): PublishedCircuit {
  const { manifestBytes, verifyingKeyBytes } = readVerifyingArtifacts(ARTIFACTS, circuitName(lanes), 'development');
  return { lanes, manifest: manifestBytes, verifyingKey: verifyingKeyBytes };
}

function keyOf({ verifyingKey }: PublishedCircuit): { readonly key: VerifyingKey } {
  return { key: decodeVerifyingKey(parseJson(verifyingKey)) };
}

function resize(
  definition: Record<string, Json>,
  voters: readonly [number, number],
  lanes: Lanes,
  circuit: PublishedCircuit,
): void {
  definition['setupHash'] = wordHex(setupHash([circuit]));
  const districts = definition['districts'] as Record<string, Json>[];
  districts.forEach((district, i) => (district['voters'] = Math.max(voters[i] ?? 1, 1)));
  if (lanes === 1) return;
  const [contest] = definition['contests'] as Record<string, Json>[];
  const ids = [...'abcdefghijklmnop'].slice(0, 2 * lanes);
  if (contest !== undefined) contest['options'] = ids.map((id) => ({ id, title: { en: id, fr: id, ru: id } }));
}

/** A key file as `urna … key` makes it, with little scrypt: services of tests start dozens of times. */
export async function writeAccount(folder: string, role: Role, key: Uint8Array): Promise<AccountFiles> {
  const passphrase = 'four random words here';
  const { secret: ageSecret } = await createAgeKey();
  const encrypter = new Encrypter();
  encrypter.setScryptWorkFactor(10);
  encrypter.setPassphrase(passphrase);
  const plain = canonicalBytes({ type: 'urna/v1/key', role, privateKey: encodeHex(key), ageSecret });
  const own = mkdtempSync(join(folder, `${role}-`));
  const accountFile = join(own, 'key.age');
  const accountPassphraseFile = join(own, 'passphrase');
  writeFileSync(accountFile, await encrypter.encrypt(plain), { mode: 0o600 });
  writeFileSync(accountPassphraseFile, `${passphrase}\n`, { mode: 0o600 });
  return { accountFile, accountPassphraseFile };
}
