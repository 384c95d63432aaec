import { canonicalBytes, parseJson } from '../../../../protocol/canonical-json.ts';
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
import { signDigest } from '../../../../protocol/acts/signature.ts';
import { at } from '../../../../protocol/errors.ts';
import type { Poseidon } from '../../../../protocol/math/poseidon.ts';
import { loadPoseidon } from '../../../../protocol/math/poseidon.ts';
import type { Field } from '../../../../protocol/math/field.ts';
import { buildTree, treeRoot } from '../../../../protocol/roll/lean-imt.ts';
import { decodeReasons, encodeReasons, reasonsHash } from '../../../../protocol/roll/reasons.ts';
import type { Forgery } from './forge.ts';
import { altered, find, insertBefore, resign, retime } from './forge.ts';
import { stream } from './random.ts';
import type { Tamper } from './tamper.ts';

type Draft = Record<string, unknown>;

/** The published definition with one change. */
function redefine(forgery: Forgery, change: (draft: Draft) => void): void {
  const draft = structuredClone(parseJson(forgery.evidence.definition)) as unknown as Draft;
  change(draft);
  forgery.evidence.definition = canonicalBytes(draft);
}

/** A district's credential list with one change, and what the chain sealed of it. */
function relist(
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
function reregister(forgery: Forgery, change: (entries: RegisterEvent[]) => RegisterEvent[]): void {
  const files = forgery.evidence.registrations.map((bytes) => change(decodeRegistrationFile(bytes)));
  forgery.evidence.registrations = files.map(encodeRegistrationFile);
  files.forEach((entries, i) => {
    find(forgery, 'roll-begin', i).data.registrationsRoot = wordHex(registrationsRoot(entries));
  });
  find(forgery, 'seal').data.registrationsRoot = wordHex(registrationsRoot(at(files, 1)));
  resign(forgery);
}

const strangeKey = signingKey(stream('nobody’s credential')(32));

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

/** Lies about definition, code and setup, acts, credentials, registrations and roll. */
export const TAMPERS_BEFORE: readonly Tamper[] = [
  {
    check: 1,
    lie: 'another title is published',
    forge: (f) => redefine(f, (draft) => (draft['title'] = { en: 'Another', fr: 'Autre', ru: 'Другие' })),
  },
  {
    check: 1,
    lie: 'another web client is published',
    forge: (f) => redefine(f, (draft) => (draft['webHash'] = `0x${'77'.repeat(32)}`)),
  },
  {
    check: 1,
    lie: 'the chain holds another configuration’s hash',
    forge: (f) => {
      const { data } = find(f, 'defined');
      data.configHash = altered(data.configHash);
      resign(f);
    },
  },
  {
    check: 1,
    lie: 'the election was created with another quorum',
    forge: (f) => {
      const { data } = find(f, 'deployment', -1);
      data.arguments = altered(data.arguments);
    },
  },
  {
    check: 1,
    lie: 'the election is defined a second time',
    forge: (f) => insertBefore(f, find(f, 'approve'), 'defined', structuredClone(find(f, 'defined').data)),
  },
  {
    check: 2,
    lie: 'Ballots runs other code',
    forge: (f) => {
      const { data } = find(f, 'deployment', 5);
      data.codeHash = altered(data.codeHash);
    },
  },
  {
    check: 2,
    lie: 'the code is cut elsewhere',
    forge: (f) => {
      find(f, 'deployment', 3).data.codeBytes -= 1;
    },
  },
  {
    check: 2,
    lie: 'the tally’s address is another transaction’s',
    forge: (f) => {
      find(f, 'deployment', 6).data.nonce += 100;
    },
  },
  {
    check: 2,
    lie: 'the roll was created for another election',
    forge: (f) => {
      const { data } = find(f, 'deployment', 3);
      data.arguments = `${data.arguments.slice(0, 60)}${'ab'}${data.arguments.slice(62)}`;
    },
  },
  {
    check: 2,
    lie: 'there are two tallies',
    forge: (f) => insertBefore(f, find(f, 'defined'), 'deployment', structuredClone(find(f, 'deployment', 6).data)),
  },
  {
    check: 3,
    lie: 'a verifying key on chain has another point',
    forge: (f) => {
      const { data } = find(f, 'deployment', 1);
      data.arguments = altered(data.arguments);
    },
  },
  {
    check: 3,
    lie: 'another manifest is published',
    forge: (f) => {
      const [first, ...rest] = f.evidence.circuits;
      if (first === undefined) throw new Error('no circuits');
      const manifest = { ...(parseJson(first.manifest) as Draft), note: 'another' };
      f.evidence.circuits = [{ ...first, manifest: canonicalBytes(manifest) }, ...rest];
    },
  },
  {
    check: 4,
    lie: 'the seal lacks a signature',
    forge: (f) => {
      find(f, 'seal').data.act.signatures.pop();
    },
  },
  {
    check: 4,
    lie: 'the extension’s reason is another',
    forge: (f) => {
      const { data } = find(f, 'extend');
      data.reasonHash = altered(data.reasonHash);
    },
  },
  {
    check: 4,
    lie: 'one officer signs twice',
    forge: (f) => {
      const { signatures } = find(f, 'certify').data.act;
      signatures[1] = signatures[0];
    },
  },
  {
    check: 4,
    lie: 'an old approval’s signatures certify',
    forge: (f) => {
      find(f, 'certify').data.act.signatures = find(f, 'approve').data.act.signatures;
    },
  },
  {
    check: 4,
    lie: 'a stranger signs for an officer',
    forge: (f) => {
      const { signatures } = find(f, 'credentials').data.act;
      signatures[1] = encodeHex(signDigest(new Uint8Array(32), f.world.parties.stranger.key));
    },
  },
  {
    check: 4,
    lie: 'an act has expired',
    forge: (f) => {
      const entry = find(f, 'approve');
      entry.data.act.expiry = entry.time - 1;
    },
  },
  {
    check: 4,
    lie: 'an act has another’s number',
    forge: (f) => {
      find(f, 'seal').data.act.number = 1;
    },
  },
  {
    check: 4,
    lie: 'a second version of the roll needs no act',
    forge: (f) => {
      find(f, 'roll-begin', 1).data.act = null;
    },
    also: [],
  },
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
    also: [13],
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
  {
    check: 7,
    lie: 'a member was added to no registration',
    also: [],
    forge: (f) => {
      const { data } = find(f, 'roll-members', 0);
      data.commitments = [...data.commitments, wordHex(BigInt(data.commitments.at(-1)) + 1n)];
    },
  },
];
