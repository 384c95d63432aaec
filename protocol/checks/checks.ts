import type { EntryKind } from '../record/entry.ts';
import { definitionCheck } from './01-definition.ts';
import { codeCheck } from './02-code.ts';
import { setupCheck } from './03-setup.ts';
import { actsCheck } from './04-acts.ts';
import { credentialsCheck } from './05-credentials.ts';
import { registrationsCheck } from './06-registrations.ts';
import { rollCheck } from './07-roll.ts';
import { ceremonyCheck } from './08-ceremony.ts';
import { pollsCheck } from './09-polls.ts';
import { timesCheck } from './10-times.ts';
import { proofsCheck } from './11-proofs.ts';
import { slotsCheck } from './12-slots.ts';
import { roundsCheck } from './13-rounds.ts';
import { sumsCheck } from './14-sums.ts';
import { unitsCheck } from './15-units.ts';
import { decryptionsCheck } from './16-decryptions.ts';
import { countsCheck } from './17-counts.ts';
import { resultCheck } from './18-result.ts';
import { anchorsCheck } from './19-anchors.ts';
import { sealsCheck } from './20-seals.ts';
import type { Check } from './check.ts';

/** The checks of SPEC §15, in order: together they are the definition of a correct election. */
export const CHECKS: readonly Check[] = [
  definitionCheck,
  codeCheck,
  setupCheck,
  actsCheck,
  credentialsCheck,
  registrationsCheck,
  rollCheck,
  ceremonyCheck,
  pollsCheck,
  timesCheck,
  proofsCheck,
  slotsCheck,
  roundsCheck,
  sumsCheck,
  unitsCheck,
  decryptionsCheck,
  countsCheck,
  resultCheck,
  anchorsCheck,
  sealsCheck,
];

/** The check that a malformed entry of a kind fails. */
const OWNERS: Readonly<Record<EntryKind, number>> = {
  deployment: 2,
  defined: 1,
  approve: 4,
  credentials: 5,
  'roll-begin': 7,
  'roll-members': 7,
  'roll-complete': 7,
  seal: 7,
  'ceremony-commit': 8,
  'ceremony-reveal': 8,
  'ceremony-deal': 8,
  'ceremony-confirm': 8,
  'ceremony-accuse': 8,
  'ceremony-answer': 8,
  'ceremony-restart': 8,
  'ceremony-abort': 8,
  'ceremony-finish': 8,
  'poll-ready': 9,
  updates: 12,
  extend: 10,
  cancel: 10,
  aggregate: 15,
  decryption: 16,
  counts: 17,
  certify: 18,
  anchor: 19,
};

/** Number of the check that an entry of `kind` belongs to; entries of no known kind belong to the record's order, 10. */
export function checkOfKind(kind: unknown): number {
  return typeof kind === 'string' && Object.hasOwn(OWNERS, kind) ? OWNERS[kind as EntryKind] : 10;
}
