import { signingKey } from '../../../../protocol/credentials/ed25519.ts';
import type { Findings, OwnFault, PublishedEntry, RollOnChain } from '../../../../protocol/credentials/own-entry.ts';
import { compareOwn, isMember } from '../../../../protocol/credentials/own-entry.ts';
import type { RegisterEvent } from '../../../../protocol/credentials/register.ts';
import { encodeRegistration, signRegistration } from '../../../../protocol/credentials/registration.ts';
import type { Registration } from '../../../../protocol/credentials/registration.ts';
import { encodeHex } from '../../../../protocol/encoding.ts';
import type { OwnEntryView, RollTask } from './roll-task.ts';

type Owner = Pick<RollTask, 'district' | 'commitment' | 'credential' | 'sequence'> & {
  readonly election: Pick<RollTask['election'], 'context'>;
};

/** By the credential; whose letter this device does not know is found by the commitment. */
export function isOwnEntry({ commitment, credential }: Owner): (entry: RegisterEvent) => boolean {
  if (credential === undefined) return (entry) => 'signature' in entry && entry.commitment === commitment;
  const key = encodeHex(signingKey(credential).publicKey);
  return ({ credentialKey }) => credentialKey === key;
}

/**
 * What an owner finds in a version of the roll. With a receipt the registration is known to the byte: Ed25519 signs the same alike. Without
 * one it may have been made on another device: then it is the published one, if that is of this identity and signed with this credential.
 */
export function findOwnEntry(
  published: PublishedEntry,
  version: RollOnChain,
  owner: Owner,
): Pick<OwnEntryView, 'isRegistered' | 'faults' | 'claim'> {
  const { district, credential } = owner;
  if (credential === undefined) return { ...withoutLetter(published, version, owner), claim: undefined };
  const registration = registrationOf(published, owner);
  const own = { district, credentialKey: encodeHex(signingKey(credential).publicKey), registration };
  const found: Findings = compareOwn(published, version, own);
  return { ...found, isRegistered: registration !== undefined };
}

function registrationOf({ listed }: PublishedEntry, owner: Owner): Registration | undefined {
  const { election, district, commitment, credential, sequence } = owner;
  if (credential === undefined) return undefined;
  const signed = (number: number): Registration =>
    signRegistration(election.context, signingKey(credential), { district, commitment, sequence: number });
  if (sequence !== undefined) return signed(sequence);
  if (listed === undefined || !('signature' in listed)) return undefined;
  const own = signed(listed.sequence);
  return encodeRegistration(own) === encodeRegistration(listed) ? own : undefined;
}

/** Only the letter tells whether what is not there ought to be. */
function withoutLetter(
  { root, listed }: PublishedEntry,
  version: RollOnChain,
  { district, commitment }: Owner,
): Pick<OwnEntryView, 'isRegistered' | 'faults'> {
  const isListed = listed !== undefined && listed.district === district;
  const isAbsent = isListed !== isMember(version, district, commitment);
  const faults: OwnFault[] = [
    ...(root === version.registrationsRoot ? [] : (['file'] as const)),
    ...(isAbsent ? ([isListed ? 'absent' : 'unlisted'] as const) : []),
  ];
  return { isRegistered: isListed || isAbsent, faults };
}
