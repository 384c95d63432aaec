import { find, insertBefore, remove } from './forge.ts';
import type { GuardCase } from './guard.ts';
import { copy } from './guard.ts';
import { GUARDS_KEYS } from './guards-keys.ts';
import { GUARDS_ROLL } from './guards-roll.ts';
import { GUARDS_SETUP } from './guards-setup.ts';
import { GUARDS_TIMES } from './guards-times.ts';
import { GUARDS_VOTES } from './guards-votes.ts';
import { NO_ACT } from './ledger.ts';

const FOUNDATION: readonly GuardCase[] = [
  [1, 'the chain is not the one', (f) => (find(f, 'defined').data.chainId = 1)],
  [1, 'does not say which election', (f) => remove(f, find(f, 'defined'))],
  [1, 'was not created with the published configuration', (f) => remove(f, find(f, 'deployment', -1))],
  [2, 'the record names no contracts', (f) => remove(f, find(f, 'defined'))],
  [2, 'names another contract as its tally', (f) => (find(f, 'defined').data.tally = find(f, 'defined').data.roll)],
  [2, 'one deployment of poseidon', (f) => insertBefore(f, find(f, 'defined'), 'deployment', copy(f, 'deployment', 0))],
  [2, 'one deployment of poseidon', (f) => remove(f, find(f, 'deployment', 0))],
  [2, 'has 0 deployments of tally', (f) => remove(f, find(f, 'deployment', 6))],
  [2, 'are not those deployed', (f) => remove(f, find(f, 'deployment', 2))],
  [2, 'are not those deployed', (f) => remove(f, find(f, 'deployment', 1), find(f, 'deployment', 2))],
  [4, 'approval of an election that is not defined', (f) => remove(f, find(f, 'defined'))],
  [4, 'stands before the election is defined', (f) => remove(f, find(f, 'defined'), find(f, 'approve'))],
  [4, 'the first version of the roll needs no act', (f) => (find(f, 'roll-begin').data.act = NO_ACT)],
];

/** Every guard of the checks, by the check that says it. */
export const GUARDS: readonly GuardCase[] = [
  ...FOUNDATION,
  ...GUARDS_SETUP,
  ...GUARDS_ROLL,
  ...GUARDS_KEYS,
  ...GUARDS_TIMES,
  ...GUARDS_VOTES,
];
