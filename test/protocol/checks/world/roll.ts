import {
  createCredentialList,
  encodeCredentialList,
  sealCredentialList,
} from '../../../../protocol/credentials/credential-list.ts';
import type { RegisterEvent } from '../../../../protocol/credentials/register.ts';
import {
  encodeRegistrationFile,
  membersOf,
  registrationsRoot,
} from '../../../../protocol/credentials/registration-file.ts';
import type { ElectionContext } from '../../../../protocol/credentials/registration.ts';
import { signRegistration } from '../../../../protocol/credentials/registration.ts';
import { encodeHex, wordHex } from '../../../../protocol/encoding.ts';
import type { Field } from '../../../../protocol/math/field.ts';
import type { Poseidon } from '../../../../protocol/math/poseidon.ts';
import { buildTree, treeRoot } from '../../../../protocol/roll/lean-imt.ts';
import { encodeReasons, reasonsHash } from '../../../../protocol/roll/reasons.ts';
import { rootsHash } from '../../../../protocol/roll/roots.ts';
import type { Ledger } from './ledger.ts';
import { NO_ACT, post } from './ledger.ts';
import type { Parties, Voter } from './parties.ts';
import { VOTERS } from './parties.ts';
import { TIMES } from './plan.ts';

/** Credential lists of the districts, sealed on chain. @returns their files */
export function sealCredentials(ledger: Ledger, parties: Parties, context: ElectionContext): Uint8Array[] {
  const lists = VOTERS.map((_, district) => {
    const own = parties.voters.filter((voter) => voter.district === district);
    const reserve = parties.reserve[district];
    return createCredentialList(
      context.definitionHash,
      district,
      own.map(({ credential }) => credential.publicKey),
      reserve === undefined ? [] : [reserve.publicKey],
    );
  });
  const sealed = lists.map(sealCredentialList).map(({ root, count, reserveRoot, reserveCount }) => ({
    ...{ root: wordHex(root), count: Number(count) },
    ...{ reserveRoot: wordHex(reserveRoot), reserveCount: Number(reserveCount) },
  }));
  post(ledger, 'credentials', { act: NO_ACT, lists: sealed });
  return lists.map(encodeCredentialList);
}

/** A voter's registration; voter 0.1 replaced an earlier one, so its sequence is 2. */
function registrationOf(context: ElectionContext, { name, district, credential, identity }: Voter): RegisterEvent {
  const sequence = name === '0.1' ? 2 : 1;
  return signRegistration(context, credential, { district, commitment: identity.commitment, sequence });
}

/** Entries of a version in the file's order; voter 1.3 lost the credential and registered with the reserve's. */
export function registrations(context: ElectionContext, parties: Parties, without: readonly string[]): RegisterEvent[] {
  const present = parties.voters.filter(({ name }) => !without.includes(name));
  const entries = present.flatMap((voter): RegisterEvent[] => {
    const [reserve, { district }] = [parties.reserve[voter.district], voter];
    if (voter.name !== '1.3' || reserve === undefined) return [registrationOf(context, voter)];
    const replacement = encodeHex(reserve.publicKey);
    return [
      { district, credentialKey: encodeHex(voter.credential.publicKey), replacement },
      registrationOf(context, { ...voter, credential: reserve }),
    ];
  });
  return entries.sort((a, b) => a.district - b.district || (a.credentialKey < b.credentialKey ? -1 : 1));
}

/** What a dishonest registrar makes of the registered members, by district. */
export type MembersChange = (members: Field[][]) => Field[][];

/** Posts one version of the roll, in batches of two, and completes it. */
export function postVersion(
  ledger: Ledger,
  parties: Parties,
  poseidon: Poseidon,
  version: number,
  entries: readonly RegisterEvent[],
  reasons: Uint8Array | undefined,
  change: MembersChange = (same) => same,
): void {
  const sender = parties.registrar.address;
  post(ledger, 'roll-begin', {
    ...{ sender, version, registrationsRoot: wordHex(registrationsRoot(entries)) },
    ...{ reasonsHash: wordHex(reasons === undefined ? 0n : reasonsHash(reasons)), act: version === 1 ? null : NO_ACT },
  });
  const members = change(membersOf(entries, VOTERS.length));
  members.forEach((list, district) => {
    for (let i = 0; i < list.length; i += 2) {
      post(ledger, 'roll-members', { sender, version, district, commitments: list.slice(i, i + 2).map(wordHex) });
    }
  });
  const roots = members.map((list) => treeRoot(buildTree(poseidon, list)));
  post(ledger, 'roll-complete', {
    ...{ sender, version, roots: roots.map(wordHex), members: members.map(({ length }) => length) },
  });
}

/** Files of the roll's versions. */
export interface RollFiles {
  readonly registrations: readonly Uint8Array[];
  readonly reasons: readonly (Uint8Array | undefined)[];
  /** Members of the sealed version, by district. */
  readonly members: readonly Field[][];
}

/** Two versions: the first one leaves out voter 0.4, a challenge is upheld, the second one is sealed. */
export function buildRoll(
  ledger: Ledger,
  parties: Parties,
  poseidon: Poseidon,
  context: ElectionContext,
  change: MembersChange,
): RollFiles {
  ledger.time = TIMES.registrationCloses;
  const [first, second] = [registrations(context, parties, ['0.4']), registrations(context, parties, [])];
  const omitted = parties.voters.find(({ name }) => name === '0.4');
  const credentialKey = encodeHex(omitted?.credential.publicKey ?? new Uint8Array());
  const reasons = encodeReasons({ version: 2, changes: [{ district: 0, credentialKey, reason: 'omitted' }] });
  postVersion(ledger, parties, poseidon, 1, first, undefined);
  ledger.time += 20;
  postVersion(ledger, parties, poseidon, 2, second, reasons, change);
  ledger.time += TIMES.challengeSeconds;
  const members = change(membersOf(second, VOTERS.length));
  const roots = members.map((list) => treeRoot(buildTree(poseidon, list)));
  post(ledger, 'seal', {
    ...{ act: NO_ACT, version: 2, registrationsRoot: wordHex(registrationsRoot(second)) },
    sealedRootsHash: wordHex(rootsHash(roots)),
  });
  return {
    registrations: [first, second].map(encodeRegistrationFile),
    reasons: [undefined, reasons],
    members,
  };
}
