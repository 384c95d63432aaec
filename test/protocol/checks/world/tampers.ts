import type { Tamper } from './tamper.ts';
import { TAMPERS_ANCHORS } from './tampers-anchors.ts';
import { TAMPERS_BALLOTS } from './tampers-ballots.ts';
import { TAMPERS_COUNT } from './tampers-count.ts';
import { TAMPERS_FOUNDATION } from './tampers-foundation.ts';
import { TAMPERS_KEYS } from './tampers-keys.ts';
import { TAMPERS_ROLL } from './tampers-roll.ts';
import { TAMPERS_SETUP } from './tampers-setup.ts';

/** Every lie, by the check that finds it. */
export const TAMPERS: readonly Tamper[] = [
  ...TAMPERS_FOUNDATION,
  ...TAMPERS_SETUP,
  ...TAMPERS_ROLL,
  ...TAMPERS_KEYS,
  ...TAMPERS_BALLOTS,
  ...TAMPERS_COUNT,
  ...TAMPERS_ANCHORS,
];
