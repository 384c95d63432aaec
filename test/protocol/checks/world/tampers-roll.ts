import type { CredentialList } from '../../../../protocol/credentials/credential-list.ts';
import {
  decodeCredentialList,
  encodeCredentialList,
  sealCredentialList,
} from '../../../../protocol/credentials/credential-list.ts';
import type { RegisterEvent } from '../../../../protocol/credentials/register.ts';
import {
  decodeRegistrationFile,
  encodeRegistrationFile,
  registrationsRoot,
} from '../../../../protocol/credentials/registration-file.ts';
import { signRegistration } from '../../../../protocol/credentials/registration.ts';
import { signingKey } from '../../../../protocol/credentials/ed25519.ts';
import { encodeHex, wordHex } from '../../../../protocol/encoding.ts';
import type { Hex } from '../../../../protocol/encoding.ts';
import { at } from '../../../../protocol/errors.ts';
import type { Poseidon } from '../../../../protocol/math/poseidon.ts';
import { loadPoseidon } from '../../../../protocol/math/poseidon.ts';
import { r } from '../../../../protocol/math/field.ts';
import type { Field } from '../../../../protocol/math/field.ts';
import { buildTree, treeRoot } from '../../../../protocol/roll/lean-imt.ts';
import { decodeReasons, encodeReasons, reasonsHash } from '../../../../protocol/roll/reasons.ts';
import type { Forgery } from './forge.ts';
import { altered, clone, find, insertBefore, resign, retime } from './forge.ts';
import { VOTERS } from './parties.ts';
import { stream } from './random.ts';
import type { Tamper } from './tamper.ts';

/** A district's credential list with one change, and what the chain sealed of it. */
export function relist(
  forgery: Forgery,
  district: number,
  change: (list: CredentialList) => CredentialList,
  seal: boolean,
): void {
  const list = change(decodeCredentialList(at(forgery.evidence.credentials, district)));
  forgery.evidence.credentials = forgery.evidence.credentials.map((bytes, i) =>
    i === district ? encodeCredentialList(list) : bytes,
  );
  if (!seal) return;
  const { root, count, reserveRoot, reserveCount } = sealCredentialList(list);
  find(forgery, 'credentials').data.lists[district] = {
    ...{ root: wordHex(root), count: Number(count) },
    ...{ reserveRoot: wordHex(reserveRoot), reserveCount: Number(reserveCount) },
  };
  resign(forgery);
}

/** Both versions' registrations with the same change, their roots on chain. */
export function reregister(forgery: Forgery, change: (entries: RegisterEvent[]) => RegisterEvent[]): void {
  const files = forgery.evidence.registrations.map((bytes) => change(decodeRegistrationFile(bytes)));
  forgery.evidence.registrations = files.map(encodeRegistrationFile);
  files.forEach((entries, i) => {
    find(forgery, 'roll-begin', i).data.registrationsRoot = wordHex(registrationsRoot(entries));
  });
  find(forgery, 'seal').data.registrationsRoot = wordHex(registrationsRoot(at(files, 1)));
  resign(forgery);
}

const strangeKey = signingKey(stream('nobody’s credential')(32));

/** So many keys that are nobody's, as a list has them. */
export function strangeKeys(count: number): Hex[] {
  const random = stream('a reserve of nobody’s');
  return Array.from({ length: count }, () => encodeHex(signingKey(random(32)).publicKey)).sort();
}

/** Voter 2.1 registers with `credential`. */
function replaceCredential({ world, entries }: Forgery, list: readonly RegisterEvent[]): RegisterEvent[] {
  const voter = world.parties.voters.find(({ name }) => name === '2.1');
  if (voter === undefined) throw new Error('no voter 2.1');
  const defined = entries.find(({ kind }) => kind === 'defined')?.data;
  const context = { chainId: 31337, election: world.domain.election, definitionHash: defined.definitionHash };
  const key = encodeHex(voter.credential.publicKey);
  const forged = signRegistration(context, strangeKey, {
    ...{ district: 2, commitment: voter.identity.commitment, sequence: 1 },
  });
  return list
    .map((entry) => (entry.credentialKey === key ? forged : entry))
    .sort((a, b) => a.district - b.district || (a.credentialKey < b.credentialKey ? -1 : 1));
}

/** Swaps the first two members of version 1's first batch and posts the roots that follow. */
function swapMembers(forgery: Forgery, poseidon: Poseidon): void {
  const batches = forgery.entries.filter(
    ({ kind, data }) => kind === 'roll-members' && data.version === 1 && data.district === 0,
  );
  at(batches, 0).data.commitments.reverse();
  const leaves = batches.flatMap(({ data }) => data.commitments.map((word: string) => BigInt(word) as Field));
  find(forgery, 'roll-complete', 0).data.roots[0] = wordHex(treeRoot(buildTree(poseidon, leaves)));
}

/** Lies about credentials, registrations and roll. */
export const TAMPERS_ROLL: readonly Tamper[] = [
  {
    check: 5,
    lie: 'a reserve credential was exchanged after sealing',
    forge: (f) => relist(f, 2, (list) => ({ ...list, reserve: [encodeHex(strangeKey.publicKey)] }), false),
  },
  {
    check: 5,
    lie: 'a credential is listed in two districts',
    forge: (f) => {
      const { keys } = decodeCredentialList(at(f.evidence.credentials, 0));
      relist(f, 2, (list) => ({ ...list, reserve: [at(keys, 0)] }), true);
    },
  },
  {
    check: 5,
    lie: 'a district has more credentials than voters',
    forge: (f) =>
      relist(f, 2, (list) => ({ ...list, keys: [...list.keys, encodeHex(strangeKey.publicKey)].sort() }), true),
  },
  {
    check: 5,
    lie: 'a district has more credentials in reserve than voters',
    forge: (f) => relist(f, 2, (list) => ({ ...list, reserve: strangeKeys(at(VOTERS, 2) + 1) }), true),
  },
  {
    check: 5,
    lie: 'another number of reserve credentials was sealed',
    forge: (f) => {
      find(f, 'credentials').data.lists[1].reserveCount += 1;
      resign(f);
    },
  },
  {
    check: 5,
    lie: 'another root of credentials was sealed',
    forge: (f) => {
      const list = find(f, 'credentials').data.lists[1];
      list.root = altered(list.root);
      resign(f);
    },
  },
  {
    check: 5,
    lie: 'a credential list is missing',
    also: [6],
    forge: (f) => {
      f.evidence.credentials = f.evidence.credentials.slice(0, 2);
    },
  },
  {
    check: 6,
    lie: 'a registration’s signature is another’s',
    forge: (f) =>
      reregister(f, (entries) =>
        entries.map((entry, i) => {
          const other = entries[i + 1];
          const both = i === 0 && 'signature' in entry && other !== undefined && 'signature' in other;
          return both ? { ...entry, signature: other.signature } : entry;
        }),
      ),
  },
  {
    check: 6,
    lie: 'a commitment is backed by no sealed credential',
    forge: (f) => reregister(f, (entries) => replaceCredential(f, entries)),
  },
  {
    check: 6,
    lie: 'a sequence was counted up',
    forge: (f) =>
      reregister(f, (entries) =>
        entries.map((entry, i) =>
          i === 0 && 'signature' in entry ? { ...entry, sequence: entry.sequence + 1 } : entry,
        ),
      ),
  },
  {
    check: 6,
    lie: 'the root of registrations on chain is another’s',
    forge: (f) => {
      const { data } = find(f, 'roll-begin', 1);
      data.registrationsRoot = find(f, 'seal').data.registrationsRoot = altered(data.registrationsRoot);
      resign(f);
    },
  },
  { check: 7, lie: 'members are out of order', forge: async (f) => swapMembers(f, await loadPoseidon()) },
  {
    check: 7,
    lie: 'a root is not that of its members',
    forge: (f) => {
      const { roots } = find(f, 'roll-complete', 0).data;
      roots[1] = altered(roots[1]);
    },
  },
  {
    check: 7,
    lie: 'members are added to a complete version',
    forge: (f) => {
      // More of the same would be out of order: one that is greater than all others, and below the field order.
      const { data } = find(f, 'roll-members', -1);
      insertBefore(f, find(f, 'seal'), 'roll-members', { ...clone(data), commitments: [wordHex(r - 1n)] });
    },
  },
  {
    check: 7,
    lie: 'a version is completed twice',
    forge: (f) => insertBefore(f, find(f, 'seal'), 'roll-complete', clone(find(f, 'roll-complete', 1).data)),
  },
  {
    check: 7,
    lie: 'a number of members is wrong',
    forge: (f) => {
      find(f, 'roll-complete', 1).data.members[2] += 1;
    },
  },
  {
    check: 7,
    lie: 'the challenge period was cut short',
    forge: (f) => {
      retime(find(f, 'seal'), (find(f, 'roll-complete', 1).time % 1000) + 1000 + 99);
    },
  },
  {
    check: 7,
    lie: 'other roots were sealed',
    forge: (f) => {
      const { data } = find(f, 'seal');
      data.sealedRootsHash = altered(data.sealedRootsHash);
      resign(f);
    },
  },
  {
    check: 7,
    lie: 'somebody else posts members',
    forge: (f) => {
      find(f, 'roll-members', 3).data.sender = f.world.parties.stranger.address;
    },
  },
  {
    check: 7,
    lie: 'the reasons name another credential',
    forge: (f) => {
      const reasons = decodeReasons(f.evidence.reasons[1] ?? new Uint8Array());
      const changes = reasons.changes.map((change) => ({ ...change, credentialKey: encodeHex(strangeKey.publicKey) }));
      const bytes = encodeReasons({ ...reasons, changes });
      f.evidence.reasons = [undefined, bytes];
      find(f, 'roll-begin', 1).data.reasonsHash = wordHex(reasonsHash(bytes));
      resign(f);
    },
  },
];
