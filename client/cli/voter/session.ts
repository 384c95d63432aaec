import { decodeIdentity } from '../../../protocol/identity/identity-file.ts';
import type { Identity } from '../../../protocol/identity/semaphore.ts';
import { loadPoseidon } from '../../../protocol/math/poseidon.ts';
import { verifiedKeys } from '../ballot/poll-context.ts';
import { foldKnownEntries } from '../chain/known-entries.ts';
import type { LoadedElection } from '../election/definition-file.ts';
import { openWithPassphrase } from '../../../protocol/node/age.ts';
import { readBytes } from '../../../protocol/node/files.ts';
import { option } from '../frame/invocation.ts';
import type { Invocation } from '../frame/invocation.ts';
import { passphrase } from '../frame/passphrase.ts';
import { viewSlots } from '../record/slot-book.ts';
import type { SlotsView } from '../record/slot-book.ts';
import { ownSlot, ownSlots } from './ballot.ts';
import type { OwnSlot } from './ballot.ts';

/** A voter at work: the election as chain or record tells it, and the identity. Secret. */
export interface VoterSession {
  readonly election: LoadedElection;
  readonly view: SlotsView;
  readonly identity: Identity;
  /** Of the identity file; prepared ballots are sealed with it. */
  readonly passphrase: string;
  /** The own slot of a contest. @throws the codes of {@link ownSlot} */
  readonly slot: (contest: number) => OwnSlot;
}

/** Opens the identity of `--identity`. @throws `secret/age`, `identity/*`, `state/keys`, `record/*`, `chain/*` */
export async function openVoter(call: Invocation, election: LoadedElection): Promise<VoterSession> {
  const file = await readBytes(option(call, 'identity'), 2 ** 16);
  const secret = await passphrase(call, 'passphraseFile', 'your identity');
  const identity = decodeIdentity(await openWithPassphrase(file, secret));
  const isOwn = ownSlots(election, await loadPoseidon(), identity);
  const view = await foldKnownEntries(call, election, (entries) => viewSlots(election, entries, isOwn));
  const keys = verifiedKeys(election, view);
  const slot = (contest: number): OwnSlot => ownSlot(election, view, keys, identity, contest);
  return { election, view, identity, passphrase: secret, slot };
}
