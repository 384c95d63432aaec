import type { Forgery } from './forge.ts';
import { find, insertBefore, remove } from './forge.ts';
import type { GuardCase } from './guard.ts';
import { copy, signed } from './guard.ts';

/** In the first attempt only trustee 1 commits, which is below the threshold; nothing of the ceremony comes after. */
export function abort(f: Forgery): void {
  const steps = f.entries.filter(({ kind }) => kind.startsWith('ceremony-'));
  const restart = find(f, 'ceremony-restart');
  remove(f, ...steps.filter((step) => step !== restart && step !== steps[0]));
  Object.assign(restart, { kind: 'ceremony-abort', data: { attempt: 2 } });
}

/** Guards of the checks of ceremony and polls. */
export const GUARDS_KEYS: readonly GuardCase[] = [
  [8, 'stands before its election', (f) => remove(f, find(f, 'defined'))],
  [8, 'no reason to be aborted', (f) => insertBefore(f, find(f, 'ceremony-finish'), 'ceremony-abort', { attempt: 2 })],
  [
    8,
    'does not follow from the attempt',
    (f) => {
      abort(f);
      const aborted = find(f, 'ceremony-abort');
      Object.assign(aborted, { kind: 'ceremony-restart', data: { attempt: 2, excluded: [2, 3, 4] } });
    },
  ],
  [
    8,
    'does not follow from the attempt',
    (f) => {
      const steps = f.entries.filter(({ kind }) => kind.startsWith('ceremony-'));
      const restart = find(f, 'ceremony-restart');
      remove(f, ...steps.filter((step, i) => step !== restart && i > 1));
      restart.data.excluded = [4, 3];
    },
  ],
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
