import { decodeCredentialList, encodeCredentialList } from '../../../../protocol/credentials/credential-list.ts';
import { decodeRegistrationFile, encodeRegistrationFile } from '../../../../protocol/credentials/registration-file.ts';
import { encodeText, wordHex } from '../../../../protocol/encoding.ts';
import { at } from '../../../../protocol/errors.ts';
import { r } from '../../../../protocol/math/field.ts';
import type { Field } from '../../../../protocol/math/field.ts';
import { loadPoseidon } from '../../../../protocol/math/poseidon.ts';
import { buildTree, treeRoot } from '../../../../protocol/roll/lean-imt.ts';
import type { RollReasons } from '../../../../protocol/roll/reasons.ts';
import { decodeReasons, encodeReasons, reasonsHash } from '../../../../protocol/roll/reasons.ts';
import { rootsHash } from '../../../../protocol/roll/roots.ts';
import type { Forgery } from './forge.ts';
import { cutAfter, find, insertBefore, remove } from './forge.ts';
import type { GuardCase } from './guard.ts';
import { copy } from './guard.ts';
import { VOTERS } from './parties.ts';
import { reregister } from './tampers-roll.ts';

/** A version's last batch ends with a member that nobody registered, its root on chain following. */
export async function wrongMember(f: Forgery, version = 1): Promise<void> {
  const district = 2;
  const batches = f.entries
    .filter(({ kind, data }) => kind === 'roll-members' && data.version === version && data.district === district)
    .map(({ data }) => data.commitments as string[]);
  at(batches, batches.length - 1).splice(-1, 1, wordHex(r - 1n));
  const leaves = batches.flat().map((word) => BigInt(word) as Field);
  const poseidon = await loadPoseidon();
  find(f, 'roll-complete', version - 1).data.roots[district] = wordHex(treeRoot(buildTree(poseidon, leaves)));
}

/** Both files hold a registration in district 3 besides, the roots of registrations following. */
export function registerNowhere(f: Forgery): void {
  reregister(f, (entries) => {
    const last = entries.findLast((entry) => 'signature' in entry);
    if (last === undefined) throw new Error('the world has registrations');
    return [...entries, { ...last, district: 3 }];
  });
}

/** Both files have one line more than there can be keys, the roots following. */
function registerTooMany(f: Forgery): void {
  const most = 2 * VOTERS.reduce((sum, each) => sum + each, 0);
  reregister(f, (entries) => {
    const strange = Array.from({ length: most + 1 - entries.length }, (_, i) => i);
    return [...entries, ...strange.map((i) => ({ credentialKey: wordHex(BigInt(i)), district: 3, replacement: null }))];
  });
}

type Changes = RollReasons['changes'];

/** The last batch of version 2 is withheld, everything on chain following. */
function withholdIsle(f: Forgery): void {
  remove(f, find(f, 'roll-members', -1));
  const { data } = find(f, 'roll-complete', 1);
  data.roots[2] = wordHex(0n);
  data.members[2] = 0;
  find(f, 'seal').data.sealedRootsHash = wordHex(rootsHash(data.roots.map((root: string) => BigInt(root) as Field)));
}

/** Other reasons of version 2, whose hash is on chain. */
function rereason(f: Forgery, change: (changes: Changes) => Changes, version = 2): void {
  const { changes } = decodeReasons(f.evidence.reasons[1] ?? new Uint8Array());
  const bytes = encodeReasons({ version, changes: change(changes) });
  f.evidence.reasons = [undefined, bytes];
  find(f, 'roll-begin', 1).data.reasonsHash = wordHex(reasonsHash(bytes));
}

const inIsle = (change: Changes[number]): Changes[number] => ({ ...change, district: 2 });

/** Guards of the checks of credentials, registrations and roll. */
export const GUARDS_ROLL: readonly GuardCase[] = [
  [5, 'sealed a second time', (f) => insertBefore(f, find(f, 'roll-begin'), 'credentials', copy(f, 'credentials'))],
  [5, 'not as many sealed lists', (f) => find(f, 'credentials').data.lists.pop()],
  [5, 'is another district’s', (f) => (f.evidence.credentials = [1, 0, 2].map((i) => at(f.evidence.credentials, i)))],
  [
    5,
    'is another election’s',
    (f) => {
      const list = decodeCredentialList(at(f.evidence.credentials, 0));
      const forged = encodeCredentialList({ ...list, definitionHash: `0x${'11'.repeat(32)}` });
      f.evidence.credentials = [forged, ...f.evidence.credentials.slice(1)];
    },
  ],
  [6, 'no registrations file of version 2', (f) => (f.evidence.registrations = f.evidence.registrations.slice(0, 1))],
  [6, 'so many keys cannot be sealed', registerTooMany],
  [6, 'without election and credential lists', (f) => (f.evidence.credentials = [])],
  [5, 'list of district 2: ', (f) => (f.evidence.credentials = f.evidence.credentials.with(2, encodeText('{}')))],
  [5, 'the list of district 1 is not the sealed one', (f) => (find(f, 'credentials').data.lists[1].count -= 1)],
  [6, 'without election and credential lists', (f) => remove(f, find(f, 'defined'))],
  [
    6,
    'do not have the root on chain',
    (f) => {
      find(f, 'roll-begin', 1).data.registrationsRoot = wordHex(1n);
      insertBefore(f, find(f, 'poll-ready'), 'roll-begin', { ...(copy(f, 'roll-begin', 1) as object), version: 3 });
    },
  ],
  [7, 'version 3 of the roll is out of turn', (f) => (find(f, 'roll-begin', 1).data.version = 3)],
  [7, 'the reasons of version 2 were not given', (f) => (f.evidence.reasons = [])],
  [7, 'are not those on chain', (f) => (find(f, 'roll-begin', 1).data.reasonsHash = wordHex(1n))],
  [
    7,
    'the reasons given for version 2 are another’s',
    (f) => {
      rereason(f, (same) => same, 3);
    },
  ],
  [7, 'no version and district that is being built', (f) => (find(f, 'roll-members').data.district = 3)],
  [7, 'is not below the field order', (f) => find(f, 'roll-members').data.commitments.push(wordHex(1n << 255n))],
  [7, 'is out of order, repeated or zero', (f) => find(f, 'roll-members').data.commitments.unshift(wordHex(0n))],
  [7, 'more members than sealed credentials', (f) => (find(f, 'credentials').data.lists[2].count = 1)],
  [7, 'version 9 is not being built', (f) => (find(f, 'roll-complete').data.version = 9)],
  [7, 'as many roots as districts', (f) => find(f, 'roll-complete').data.roots.push(wordHex(0n))],
  [7, 'not the registrar', (f) => (find(f, 'roll-begin', 1).data.sender = f.world.parties.stranger.address)],
  [7, 'not the registrar', (f) => (find(f, 'roll-complete').data.sender = f.world.parties.stranger.address)],
  [7, 'a roll is sealed already', (f) => insertBefore(f, find(f, 'poll-ready'), 'seal', copy(f, 'seal'))],
  [7, 'not the newest complete one', (f) => (find(f, 'seal').data.version = 1)],
  [7, 'the sealed root of registrations', (f) => (find(f, 'seal').data.registrationsRoot = wordHex(1n))],
  [7, 'the members of district 2 are not those registered', withholdIsle],
  [
    7,
    'the members of district 2 are not those registered',
    async (f) => {
      await wrongMember(f);
      cutAfter(f, 'roll-complete');
    },
  ],
  [
    7,
    'the members of district 2 are not those registered',
    async (f) => {
      await wrongMember(f);
      cutAfter(f, 'roll-members', -1);
    },
  ],
  [
    7,
    'the members of district 2 are not those registered',
    async (f) => {
      await wrongMember(f, 2);
      cutAfter(f, 'roll-complete', 1);
    },
  ],
  [
    7,
    'the members of district 2 are not those registered',
    async (f) => {
      await wrongMember(f, 2);
      insertBefore(f, find(f, 'seal'), 'roll-complete', copy(f, 'roll-complete', 1));
      cutAfter(f, 'roll-complete', -1);
    },
  ],
  [
    7,
    'no registrations file of version 1',
    (f) => {
      f.evidence.registrations = [];
      cutAfter(f, 'roll-complete');
    },
  ],
  [7, 'is not below the field order', (f) => find(f, 'roll-members', -1).data.commitments.push(wordHex(r))],
  [
    7,
    'member 0 of the batch is out of order, repeated or zero',
    (f) => (find(f, 'roll-members', 1).data.commitments = find(f, 'roll-members', 0).data.commitments),
  ],
  [7, 'more members than sealed credentials', (f) => remove(f, find(f, 'credentials'))],
  [7, 'no version and district that is being built', (f) => remove(f, find(f, 'roll-begin'), find(f, 'roll-begin', 1))],
  [
    7,
    'no version and district that is being built',
    (f) => insertBefore(f, find(f, 'roll-begin', 1), 'roll-members', copy(f, 'roll-members', 2)),
  ],
  [
    7,
    'version 1 is not being built',
    (f) => insertBefore(f, find(f, 'roll-begin', 1), 'roll-complete', copy(f, 'roll-complete')),
  ],
  [7, 'the root of district 2 is not', (f) => find(f, 'roll-complete').data.roots.pop()],
  [7, 'not the newest complete one', (f) => remove(f, find(f, 'roll-complete', 1))],
  [7, 'not the newest complete one', (f) => remove(f, ...f.entries.filter(({ kind }) => kind.startsWith('roll-')))],
  [7, 'otherwise than by the listed reasons', (f) => rereason(f, (changes) => [...changes, ...changes.map(inIsle)])],
  [
    7,
    'otherwise than by the listed reasons',
    (f) => {
      const [first, second] = f.evidence.registrations;
      if (first === undefined || second === undefined) throw new Error('the world has two versions');
      f.evidence.registrations = [encodeRegistrationFile(decodeRegistrationFile(first).slice(0, -1)), second];
    },
  ],
];
