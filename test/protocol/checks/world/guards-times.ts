import { wordHex } from '../../../../protocol/encoding.ts';
import { clone, find, insertBefore, remove, renumber, retime } from './forge.ts';
import type { GuardCase } from './guard.ts';
import { copy } from './guard.ts';
import { NO_ACT } from './ledger.ts';
import { START } from './plan.ts';

const CANCEL = { act: NO_ACT, reasonHash: wordHex(1n) };
const extension = (seconds: number): unknown => ({
  act: NO_ACT,
  closesAt: START + seconds,
  reasonHash: wordHex(1n),
});

/** Guards of the check of order and times. */
export const GUARDS_TIMES: readonly GuardCase[] = [
  [10, 'its block is older', (f) => (find(f, 'seal').block = 5)],
  [10, 'the election is not in force', (f) => remove(f, find(f, 'approve'))],
  [
    10,
    'made after the approval',
    (f) => insertBefore(f, find(f, 'credentials'), 'deployment', copy(f, 'deployment', 0)),
  ],
  [10, 'made after the approval', (f) => insertBefore(f, find(f, 'credentials'), 'defined', copy(f, 'defined'))],
  [10, 'not waiting for approval', (f) => insertBefore(f, find(f, 'credentials'), 'approve', copy(f, 'approve'))],
  [10, 'after registration had opened', (f) => retime(find(f, 'approve'), 0)],
  [10, 'credentials were sealed too late', (f) => retime(find(f, 'credentials'), 0)],
  [10, 'sealed after closing', (f) => retime(find(f, 'seal'), 3000)],
  [10, 'a count that has begun is cancelled', (f) => insertBefore(f, find(f, 'certify'), 'cancel', CANCEL)],
  [
    10,
    'a count that has begun is cancelled',
    (f) => {
      insertBefore(f, find(f, 'counts'), 'cancel', CANCEL);
      remove(f, ...f.entries.slice(f.entries.indexOf(find(f, 'cancel')) + 1));
    },
  ],
  [
    10,
    'a count that has begun is cancelled',
    (f) => {
      remove(f, ...f.entries.filter(({ kind }) => kind === 'decryption'));
      insertBefore(f, find(f, 'certify'), 'cancel', CANCEL);
    },
  ],
  [
    10,
    'certified in phase closed (and 1 more)',
    (f) => {
      remove(f, ...f.entries.filter(({ kind }) => kind === 'decryption' || kind === 'counts'));
      f.entries.push({ ...clone(find(f, 'certify')), kind: 'cancel', data: CANCEL });
      renumber(f);
    },
  ],
  [
    10,
    'the roll is built in phase cancelled',
    (f) => {
      insertBefore(f, find(f, 'roll-begin', 1), 'cancel', CANCEL);
      remove(f, ...f.entries.slice(f.entries.indexOf(find(f, 'roll-begin', 1)) + 1));
    },
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
  [
    10,
    'does not extend',
    (f) => {
      insertBefore(f, find(f, 'updates', -1), 'extend', extension(3250));
      retime(find(f, 'extend', 1), 3300);
      retime(find(f, 'updates', -1), 3301);
    },
  ],
  [
    10,
    'does not extend',
    (f) => {
      insertBefore(f, find(f, 'updates', -1), 'extend', extension(3300));
      retime(find(f, 'extend', 1), 3300);
      retime(find(f, 'updates', -1), 3301);
    },
  ],
  [
    10,
    'came after the count could begin',
    (f) => {
      insertBefore(f, find(f, 'anchor'), 'extend', extension(3900));
      retime(find(f, 'extend', 1), 3700);
    },
  ],
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
  [
    10,
    'before late updates could be settled',
    (f) => {
      retime(find(f, 'anchor'), 3640);
      retime(find(f, 'aggregate'), 3699);
    },
  ],
  [10, 'decryption in phase open', (f) => insertBefore(f, find(f, 'updates', -1), 'decryption', copy(f, 'decryption'))],
  [10, 'certified in phase closed', (f) => remove(f, find(f, 'counts'))],
  [10, 'not a kind of entry', (f) => insertBefore(f, find(f, 'certify'), 'rumour' as never, {})],
];
