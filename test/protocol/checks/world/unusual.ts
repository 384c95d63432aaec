import { createdAddress } from '../../../../protocol/checks/02-code.ts';
import { wordHex } from '../../../../protocol/encoding.ts';
import { at } from '../../../../protocol/errors.ts';
import type { Field } from '../../../../protocol/math/field.ts';
import { rootsHash } from '../../../../protocol/roll/roots.ts';
import type { Forgery } from './forge.ts';
import { clone, cutAfter, find, insertBefore, reanchor, remove, renumber, resign, retime } from './forge.ts';
import { abort } from './guards-keys.ts';
import { registerNowhere, wrongMember } from './guards-roll.ts';
import { NO_ACT } from './ledger.ts';
import { VOTERS } from './parties.ts';
import { START } from './plan.ts';
import { recount } from './recount.ts';
import { repeatFerry } from './tampers-ballots.ts';
import { redefine } from './tampers-foundation.ts';
import { relist, strangeKeys } from './tampers-roll.ts';

/** A record that is unusual, or wrong elsewhere, of which a check has nothing to say: checks that are too strict are wrong, too. */
export type UnusualCase = readonly [check: number, name: string, forge: (f: Forgery) => void | Promise<void>];

const CANCEL = { act: NO_ACT, reasonHash: wordHex(1n) };

/** Its creator made a contract with a later transaction: another address, wherever it is named. */
function made(f: Forgery, index: number, nonce: number): void {
  const { data } = find(f, 'deployment', index);
  data.nonce = nonce;
  const [before, after] = [data.address, createdAddress(data.creator, nonce)].map((address: string) =>
    address.slice(2),
  );
  if (before === undefined || after === undefined) throw new Error('an address has digits');
  f.entries = JSON.parse(JSON.stringify(f.entries).replaceAll(before, after));
}

/** Ballots was created with its circuits in the other order. */
function turnKeys(f: Forgery): void {
  const { circuitKeys } = find(f, 'defined').data;
  const [first, second] = circuitKeys.map((address: string) => address.slice(2));
  const ballots = find(f, 'deployment', 5).data;
  ballots.arguments = ballots.arguments.replace(first, '-').replace(second, first).replace('-', second);
  circuitKeys.reverse();
}

const FOUNDATION: readonly UnusualCase[] = [
  [
    1,
    'a contract was deployed after the election',
    (f) => insertBefore(f, find(f, 'defined'), 'deployment', clone(find(f, 'deployment').data)),
  ],
  [2, 'the deployer’s transactions were 127 and 128', (f) => [127, 128].forEach((nonce, i) => made(f, i, nonce))],
  [2, 'the deployer’s transactions were many', (f) => [255, 256, 70_000].forEach((nonce, i) => made(f, 4 + i, nonce))],
  [
    2,
    'circuit keys are deployed in another order',
    (f) => {
      const [one, two] = [find(f, 'deployment', 1), find(f, 'deployment', 2)];
      [one.data, two.data] = [two.data, one.data];
    },
  ],
  [2, 'circuit keys are named in another order', turnKeys],
  [
    3,
    'contests in another order',
    (f) =>
      redefine(f, (draft) =>
        (draft['contests'] as unknown[]).unshift(...(draft['contests'] as unknown[]).splice(1, 1)),
      ),
  ],
  [
    4,
    'an act in its last second',
    (f) => {
      const entry = find(f, 'anchor');
      entry.data.act.expiry = entry.time;
      reanchor(f);
    },
  ],
  [
    4,
    'a cancelled election',
    (f) => {
      insertBefore(f, find(f, 'poll-ready'), 'cancel', CANCEL);
      cutAfter(f, 'cancel');
      resign(f);
    },
  ],
];

/** Version 1 was wrong on chain, a challenge was upheld, version 2 is right and sealed: a true election. */
export async function corrected(f: Forgery): Promise<void> {
  await wrongMember(f);
  reanchor(f);
}

const ROLL: readonly UnusualCase[] = [
  [
    5,
    'a district has as many keys in reserve as voters',
    (f) => relist(f, 2, (list) => ({ ...list, reserve: strangeKeys(at(VOTERS, 2)) }), true),
  ],
  [7, 'the first version held a wrong member, the second one is right and sealed', corrected],
  [
    7,
    'the first version held a wrong member, the second one is right and not sealed yet',
    async (f) => {
      await wrongMember(f);
      cutAfter(f, 'roll-complete', 1);
    },
  ],
  [
    7,
    'the first version held a wrong member and is not complete yet',
    async (f) => {
      await wrongMember(f);
      const complete = find(f, 'roll-complete');
      remove(f, ...f.entries.slice(f.entries.indexOf(complete)));
    },
  ],
  [7, 'a registration in a district that there is not', registerNowhere],
  [
    7,
    'lists sealed later have fewer credentials',
    (f) => {
      insertBefore(f, find(f, 'roll-begin'), 'credentials', clone(find(f, 'credentials').data));
      for (const list of find(f, 'credentials', 1).data.lists) list.count = 1;
    },
  ],
  [
    9,
    'the first version is sealed after the second',
    (f) => {
      insertBefore(f, find(f, 'poll-ready'), 'seal', { ...clone(find(f, 'seal').data), version: 1 });
    },
  ],
  [
    9,
    'the second version is completed again by an entry of the first',
    (f) => insertBefore(f, find(f, 'seal'), 'roll-complete', clone(find(f, 'roll-complete').data)),
  ],
  [6, 'the roll is not sealed yet', (f) => cutAfter(f, 'roll-complete', 1)],
  [6, 'there is only the first version of the roll', (f) => cutAfter(f, 'roll-complete')],
  [6, 'there is no version of the roll yet', (f) => cutAfter(f, 'ceremony-finish')],
  [7, 'sealed as soon as it may be', (f) => (find(f, 'seal').time = find(f, 'roll-complete', 1).time + 100)],
  [
    7,
    'the first version was sealed',
    (f) => {
      const [begin, complete] = [find(f, 'roll-begin', 0).data, find(f, 'roll-complete', 0).data];
      const sealedRootsHash = wordHex(rootsHash(complete.roots.map((root: string) => BigInt(root) as Field)));
      const { registrationsRoot } = begin;
      Object.assign(find(f, 'seal').data, { version: 1, registrationsRoot, sealedRootsHash });
      remove(f, ...f.entries.filter(({ kind, data }) => kind.startsWith('roll-') && data.version === 2));
    },
  ],
];

const KEYS: readonly UnusualCase[] = [[8, 'the ceremony was aborted', abort]];

const TIMES: readonly UnusualCase[] = [
  [10, 'an anchor in the second in which the grace ends', (f) => retime(find(f, 'anchor'), 3600)],
  [10, 'sums are added as soon as they may', (f) => retime(find(f, 'aggregate'), 3700)],
  [
    10,
    'the longest extension',
    (f) => {
      find(f, 'extend').data.closesAt = START + 4000;
      cutAfter(f, 'extend');
    },
  ],
  [
    10,
    'a cancellation before the count',
    (f) => {
      insertBefore(f, find(f, 'decryption'), 'cancel', CANCEL);
      cutAfter(f, 'cancel');
    },
  ],
  [
    10,
    'members after a cancellation',
    (f) => {
      insertBefore(f, find(f, 'roll-members', -1), 'cancel', CANCEL);
      cutAfter(f, 'roll-complete', 1);
    },
  ],
  [
    10,
    'a poll is made ready after a cancellation',
    (f) => {
      insertBefore(f, find(f, 'poll-ready', 3), 'cancel', CANCEL);
      cutAfter(f, 'poll-ready', -1);
    },
  ],
  [
    10,
    'a ceremony that goes on after closing',
    (f) => {
      const step = find(f, 'ceremony-confirm', -1);
      remove(f, step, find(f, 'ceremony-finish'));
      cutAfter(f, 'seal');
      f.entries.push({ ...step, block: find(f, 'seal').block + 1, time: START + 3300 });
      renumber(f);
    },
  ],
];

const VOTES: readonly UnusualCase[] = [
  [
    11,
    'no update of a poll whose key is not published took effect',
    (f) => {
      remove(f, ...f.entries.filter((entry) => entry.kind === 'updates' && entry !== find(f, 'updates', -1)));
      f.evidence.circuits = [];
    },
  ],
  [11, 'updates of a poll that is not ready', (f) => remove(f, find(f, 'poll-ready', 4))],
  [
    11,
    'a poll is made ready twice',
    (f) => insertBefore(f, find(f, 'updates'), 'poll-ready', clone(find(f, 'poll-ready').data)),
  ],
  [12, 'a first cast was repeated and left out', (f) => repeatFerry(f, 1)],
  [12, 'a batch of 200 updates', (f) => repeatFerry(f, 200)],
  [12, 'a unit that there is not', (f) => (find(f, 'aggregate').data.units[0].unit = 77)],
  [
    13,
    'a batch of a poll that there is not names another round',
    (f) => Object.assign(find(f, 'updates', -1).data, { poll: 77, round: 9 }),
  ],
  [13, 'a batch that was left out came after the grace', (f) => retime(find(f, 'updates', -1), 3601)],
  [
    14,
    'a unit that there is not',
    (f) => find(f, 'aggregate').data.units.push({ ...clone(find(f, 'aggregate').data.units[0]), unit: 77 }),
  ],
  [
    18,
    'a unit of four lanes was withheld',
    async (f) => {
      find(f, 'aggregate', 1).data.units[0].state = 'withheld';
      await recount(f);
    },
  ],
  [18, 'counts of a withheld unit', (f) => insertBefore(f, find(f, 'certify'), 'counts', { unit: 3, counts: [1, 0] })],
  [
    19,
    'two anchors',
    (f) => {
      insertBefore(f, find(f, 'certify'), 'anchor', clone(find(f, 'anchor').data));
      reanchor(f);
    },
  ],
];

/** Every unusual record, by the check that says nothing of it. */
export const UNUSUAL: readonly UnusualCase[] = [...FOUNDATION, ...ROLL, ...KEYS, ...TIMES, ...VOTES];
