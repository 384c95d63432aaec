import { decodeCredentialList, encodeCredentialList } from '../../../../protocol/credentials/credential-list.ts';
import { wordHex } from '../../../../protocol/encoding.ts';
import { at } from '../../../../protocol/errors.ts';
import { decodeReasons, encodeReasons, reasonsHash } from '../../../../protocol/roll/reasons.ts';
import { rootsHash } from '../../../../protocol/roll/roots.ts';
import type { Field } from '../../../../protocol/math/field.ts';
import type { Forgery } from './forge.ts';
import { clone, altered, find, insertBefore, remove, resign, retime } from './forge.ts';
import { NO_ACT } from './ledger.ts';
import { START } from './plan.ts';
import type { Loose } from './sign.ts';

/** A lie about one thing, whatever else follows from it, and what its check says of it. */
export type GuardCase = readonly [check: number, sentence: string, forge: (f: Forgery) => void];

const copy = (f: Forgery, ...place: Parameters<typeof find> extends [Forgery, ...infer R] ? R : never): unknown =>
  clone(find(f, ...place).data);

/** The lie with all signatures made again. */
function signed(forge: (f: Forgery) => void): (f: Forgery) => void {
  return (f) => {
    forge(f);
    resign(f);
  };
}

/** An anchor before the first entry of a kind, all signatures made again. */
function anchorBefore(f: Forgery, kind: 'updates' | 'certify'): Loose {
  insertBefore(f, find(f, kind), 'anchor', { act: NO_ACT, entries: 8, hash: wordHex(1n) });
  resign(f);
  return find(f, 'anchor');
}

/** The last batch of version 2 is withheld, everything on chain following. */
function withholdIsle(f: Forgery): void {
  remove(f, find(f, 'roll-members', -1));
  const { data } = find(f, 'roll-complete', 1);
  data.roots[2] = wordHex(0n);
  data.members[2] = 0;
  find(f, 'seal').data.sealedRootsHash = wordHex(rootsHash(data.roots.map((root: string) => BigInt(root) as Field)));
}

const FOUNDATION: readonly GuardCase[] = [
  [1, 'the chain is not the one', (f) => (find(f, 'defined').data.chainId = 1)],
  [1, 'does not say which election', (f) => remove(f, find(f, 'defined'))],
  [2, 'the record names no contracts', (f) => remove(f, find(f, 'defined'))],
  [2, 'names another contract as its tally', (f) => (find(f, 'defined').data.tally = find(f, 'defined').data.roll)],
  [2, 'one deployment of poseidon', (f) => insertBefore(f, find(f, 'defined'), 'deployment', copy(f, 'deployment', 0))],
  [2, 'are not those deployed', (f) => remove(f, find(f, 'deployment', 2))],
  [4, 'approval of an election that is not defined', (f) => remove(f, find(f, 'defined'))],
  [4, 'stands before the election is defined', (f) => remove(f, find(f, 'defined'), find(f, 'approve'))],
  [4, 'the first version of the roll needs no act', (f) => (find(f, 'roll-begin').data.act = NO_ACT)],
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
  [6, 'without election and credential lists', (f) => (f.evidence.credentials = [])],
];

const ROLL: readonly GuardCase[] = [
  [7, 'version 3 of the roll is out of turn', (f) => (find(f, 'roll-begin', 1).data.version = 3)],
  [7, 'the reasons of version 2 were not given', (f) => (f.evidence.reasons = [])],
  [7, 'are not those on chain', (f) => (find(f, 'roll-begin', 1).data.reasonsHash = wordHex(1n))],
  [
    7,
    'the reasons given for version 2 are another’s',
    (f) => {
      const bytes = encodeReasons({ ...decodeReasons(f.evidence.reasons[1] ?? new Uint8Array()), version: 3 });
      f.evidence.reasons = [undefined, bytes];
      find(f, 'roll-begin', 1).data.reasonsHash = wordHex(reasonsHash(bytes));
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
];

const KEYS: readonly GuardCase[] = [
  [8, 'stands before its election', (f) => remove(f, find(f, 'defined'))],
  [8, 'no reason to be aborted', (f) => insertBefore(f, find(f, 'ceremony-finish'), 'ceremony-abort', { attempt: 2 })],
  [8, 'no trustee has this number', (f) => (find(f, 'ceremony-commit').data.trustee = 9)],
  [8, 'does not follow from the attempt', (f) => (find(f, 'ceremony-restart').data.excluded = [3])],
  [
    8,
    'already posted',
    (f) => insertBefore(f, find(f, 'ceremony-reveal', 2), 'ceremony-reveal', copy(f, 'ceremony-reveal', 0)),
  ],
  [8, 'this is attempt 2', signed((f) => (find(f, 'ceremony-deal').data.attempt = 1))],
  [9, 'before roll and keys', (f) => remove(f, find(f, 'ceremony-finish'))],
  [9, 'no circuit with 4 lanes', (f) => (f.evidence.circuits = f.evidence.circuits.slice(0, 1))],
];

const TIMES: readonly GuardCase[] = [
  [10, 'its block is older', (f) => (find(f, 'seal').block = 5)],
  [10, 'the election is not in force', (f) => remove(f, find(f, 'approve'))],
  [
    10,
    'made after the approval',
    (f) => insertBefore(f, find(f, 'credentials'), 'deployment', copy(f, 'deployment', 0)),
  ],
  [10, 'not waiting for approval', (f) => insertBefore(f, find(f, 'credentials'), 'approve', copy(f, 'approve'))],
  [10, 'after registration had opened', (f) => retime(find(f, 'approve'), 0)],
  [10, 'credentials were sealed too late', (f) => retime(find(f, 'credentials'), 0)],
  [10, 'sealed after closing', (f) => retime(find(f, 'seal'), 3000)],
  [
    10,
    'a count that has begun is cancelled',
    (f) => insertBefore(f, find(f, 'certify'), 'cancel', { act: NO_ACT, reasonHash: wordHex(1n) }),
  ],
  [10, 'before credentials are sealed', (f) => remove(f, find(f, 'credentials'))],
  [
    10,
    'after it was sealed',
    (f) => insertBefore(f, find(f, 'poll-ready'), 'roll-members', copy(f, 'roll-members', -1)),
  ],
  [10, 'the roll is built in phase registering', (f) => retime(find(f, 'roll-begin'), 999)],
  [
    10,
    'goes on after its keys',
    (f) => insertBefore(f, find(f, 'roll-begin'), 'ceremony-commit', copy(f, 'ceremony-commit')),
  ],
  [10, 'the keys were made after closing', (f) => retime(find(f, 'ceremony-finish'), 3000)],
  [10, 'does not extend', (f) => (find(f, 'extend').data.closesAt = START + 3000)],
  [10, 'longer than the definition allows', (f) => (find(f, 'extend').data.closesAt = START + 4001)],
  [
    10,
    'more than 64 extensions',
    (f) => {
      for (let i = 0; i < 64; i++) {
        const data = { ...find(f, 'extend', -1).data, closesAt: START + 3001 + i };
        insertBefore(f, find(f, 'extend', -1), 'extend', data);
      }
    },
  ],
  [10, 'a poll is made ready before', (f) => remove(f, find(f, 'seal'))],
  [10, 'updates in phase ready', (f) => retime(find(f, 'updates'), 1999)],
  [
    10,
    'sums are added in phase open',
    (f) => insertBefore(f, find(f, 'updates', -1), 'aggregate', copy(f, 'aggregate')),
  ],
  [10, 'decryption in phase open', (f) => insertBefore(f, find(f, 'updates', -1), 'decryption', copy(f, 'decryption'))],
  [10, 'certified in phase closed', (f) => remove(f, find(f, 'counts'))],
  [10, 'not a kind of entry', (f) => insertBefore(f, find(f, 'certify'), 'rumour' as never, {})],
];

/** The ferry’s batch with one word of its one first cast changed. */
function bend(f: Forgery, word: number, digits: string): void {
  const ferry = f.entries.find(({ kind, data }) => kind === 'updates' && data.poll === 4);
  if (ferry === undefined) throw new Error('nobody votes on the ferry');
  const end = 2 + 64 * (word + 1);
  ferry.data.firsts = ferry.data.firsts.slice(0, end - digits.length) + digits + ferry.data.firsts.slice(end);
}

const VOTES: readonly GuardCase[] = [
  [11, 'off the curve', (f) => bend(f, 4, 'abcdef')],
  [12, 'is not below the field order', (f) => bend(f, 1, 'f'.repeat(64))],
  [
    12,
    'a batch holds 1 to 200 updates, not 0',
    (f) => Object.assign(find(f, 'updates', 5).data, { firsts: '0x', laters: '0x' }),
  ],
  [12, 'was never made ready', (f) => remove(f, find(f, 'poll-ready', 4))],
  [16, 'unit 1 is not one to be decrypted', (f) => (find(f, 'decryption').data.unit = 1)],
  [16, 'unit 77 is not one to be decrypted', (f) => (find(f, 'decryption').data.unit = 77)],
  [16, 'not below the subgroup order', signed((f) => (find(f, 'decryption').data.z = `0x${'f'.repeat(64)}`))],
  [16, 'not on BabyJubJub', signed((f) => (find(f, 'decryption').data.a = altered(find(f, 'decryption').data.a)))],
  [17, 'unit 1 is not one to be counted', (f) => (find(f, 'counts').data.unit = 1)],
  [
    17,
    'unit 0 has 1 decryptions, 2 are needed',
    (f) => remove(f, ...f.entries.filter(({ kind, data }) => kind === 'decryption' && data.trustee !== 3)),
  ],
  [17, 'out of bounds', (f) => find(f, 'counts').data.counts.push(0)],
  [15, 'unit 77 is none of contest 0', (f) => (find(f, 'aggregate').data.units[0].unit = 77)],
  [18, 'unit 0 has no final state', (f) => remove(f, find(f, 'counts'))],
  [18, 'unit 4 has no final state', (f) => remove(f, find(f, 'aggregate', 3))],
  [
    19,
    'an anchor stands before its election',
    (f) => {
      remove(f, find(f, 'defined'));
      find(f, 'anchor').data.entries -= 1;
    },
  ],
  [4, 'the act anchor has no quorum', (f) => anchorBefore(f, 'certify').data.act.signatures.pop()],
  [
    4,
    'the act anchor has no quorum',
    (f) => {
      const { data } = anchorBefore(f, 'certify');
      data.hash = altered(data.hash);
    },
  ],
  [4, 'the act anchor has no quorum', (f) => (anchorBefore(f, 'certify').data.entries += 1)],
  [10, 'the record was anchored too early', (f) => anchorBefore(f, 'updates')],
];

/** Every guard of the checks, by the check that says it. */
export const GUARDS: readonly GuardCase[] = [...FOUNDATION, ...ROLL, ...KEYS, ...TIMES, ...VOTES];
