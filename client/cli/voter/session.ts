import type { Definition } from '../../../protocol/definition/definition.ts';
import { decodeIdentity } from '../../../protocol/identity/identity-file.ts';
import type { Identity } from '../../../protocol/identity/semaphore.ts';
import { require } from '../../../protocol/errors.ts';
import { randomBytes } from '../../../protocol/node/random.ts';
import { findOwnSlots } from '../../../protocol/voting/own-slot.ts';
import type { OwnSlot } from '../../../protocol/voting/own-slot.ts';
import type { Reader } from '../../../protocol/voting/reader.ts';
import { loadPoseidon } from '../../../protocol/math/poseidon.ts';
import type { Poseidon } from '../../../protocol/math/poseidon.ts';
import { verifiedKeys } from '../ballot/poll-context.ts';
import { foldKnownEntries } from '../chain/known-entries.ts';
import type { LoadedElection } from '../election/definition-file.ts';
import { districtIndex } from '../election/names.ts';
import { openWithPassphrase } from '../../../protocol/node/age.ts';
import { readBytes } from '../../../protocol/node/files.ts';
import { option, optional } from '../frame/invocation.ts';
import type { Invocation } from '../frame/invocation.ts';
import { passphrase } from '../frame/passphrase.ts';
import { viewSlots } from '../record/slot-book.ts';
import type { SlotsView } from '../record/slot-book.ts';
import { getBytes } from '../../http/ask.ts';
import { parseServerUrl } from '../../http/server-url.ts';
import { ownSlot, ownSlots } from './ballot.ts';

/** A group of slots may take its time over a slow line; milliseconds. */
const TIMEOUT = 300_000;

/** What a voter is told before anything is cast (CM/Rec(2017)5, standard 4). */
const STANDING: Readonly<Record<Definition['environment'], string>> = {
  binding: 'This is a real election: ballots cast in it are counted.',
  rehearsal: 'This is a rehearsal. Its result binds nobody.',
  development: 'This is a trial with development keys. It is not an election.',
};

/** A voter at work: the identity, and the own slots as a record or a public service tells them. Secret. */
export interface VoterSession {
  readonly poseidon: Poseidon;
  readonly identity: Identity;
  /** Of the identity file; prepared ballots are sealed with it. */
  readonly passphrase: string;
  /** The own slot of a contest. @throws the codes of {@link ownSlot}, of {@link findOwnSlots} */
  readonly slot: (contest: number) => Promise<OwnSlot> | OwnSlot;
}

/** A voter with the whole record at hand, or a node. */
export interface RecordVoter extends VoterSession {
  readonly slot: (contest: number) => OwnSlot;
  readonly view: SlotsView;
}

/** Says whether the election is a real one, and opens the identity of `--identity`; reads from `--service` if one is named. @throws those of {@link openRecordVoter}, `public/*`, `server/*` */
export async function openVoter(call: Invocation, election: LoadedElection): Promise<VoterSession> {
  call.progress.note(STANDING[election.definition.environment]);
  const service = optional(call, 'service');
  if (service === undefined) return openRecordVoter(call, election);
  require(optional(call, 'record') === undefined, 'usage/option', 'give either --service or --record');
  const server = parseServerUrl(service);
  const district = ownDistrictOf(call, election);
  const opened = await openIdentity(call);
  const poseidon = await loadPoseidon();
  const read: Reader = (path, maxBytes) => getBytes(server, path, { maxBytes, timeout: TIMEOUT });
  const slot = await findOwnSlots(read, poseidon, { election, identity: opened.identity, district }, randomBytes);
  return { ...opened, poseidon, slot };
}

/** Opens the identity of `--identity`. @throws `secret/age`, `identity/*`, `state/keys`, `record/*`, `chain/*` */
export async function openRecordVoter(call: Invocation, election: LoadedElection): Promise<RecordVoter> {
  const opened = await openIdentity(call);
  const { identity } = opened;
  const poseidon = await loadPoseidon();
  const isOwn = ownSlots(election, poseidon, identity);
  const view = await foldKnownEntries(call, election, (entries) => viewSlots(election, entries, isOwn));
  const keys = verifiedKeys(election, view);
  const slot = (contest: number): OwnSlot => ownSlot(election, view, keys, identity, contest);
  return { ...opened, poseidon, view, slot };
}

async function openIdentity(call: Invocation): Promise<Pick<VoterSession, 'identity' | 'passphrase'>> {
  const file = await readBytes(option(call, 'identity'), 2 ** 16);
  const secret = await passphrase(call, 'passphraseFile', 'your identity');
  return { identity: decodeIdentity(await openWithPassphrase(file, secret)), passphrase: secret };
}

/** The district that the letter names; a service must not be asked for all of them to find it. @throws `usage/option`, `name/district` */
function ownDistrictOf(call: Invocation, { definition }: LoadedElection): number {
  const given = optional(call, 'district');
  if (given !== undefined) return districtIndex(definition, given);
  require(definition.districts.length === 1, 'usage/option', 'with --service give --district, as in your letter');
  return 0;
}
