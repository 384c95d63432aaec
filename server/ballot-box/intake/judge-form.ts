import type { Fault } from '../../../protocol/ballot/judge-update.ts';
import { nextHead, updateContext } from '../../../protocol/ballot/slot.ts';
import type { Update } from '../../../protocol/ballot/statement.ts';
import { oldOf, updateSignals } from '../../../protocol/ballot/statement.ts';
import type { SentUpdate } from '../../../protocol/checks/replay/update-words.ts';
import { UrnaError } from '../../../protocol/errors.ts';
import { isOnCurve } from '../../../protocol/math/curve.ts';
import type { Field } from '../../../protocol/math/field.ts';
import { p } from '../../../protocol/math/field.ts';
import type { BatchItem } from '../../../protocol/math/pairing/weights.ts';
import type { FollowedSlot } from '../followed/slot-bytes.ts';
import type { BoxPoll } from '../followed/polls.ts';

/** The heads that an update leads from and to, by what was sent. */
export interface Step {
  /** 0 for an empty slot. */
  readonly head: bigint;
  readonly next: bigint;
}

/** The step of an update that was sent. */
export function stepOf({ previous, next }: SentUpdate): Step {
  const head = previous === undefined ? 0n : nextHead(previous.head, previous.ciphertext);
  return { head, next: nextHead(head, next) };
}

/** Why a full poll takes no first cast: the contract would skip it. */
export function fullFault(sent: SentUpdate, { members }: BoxPoll, nonEmpty: number): Fault | undefined {
  if (sent.previous !== undefined || nonEmpty < members) return undefined;
  return { code: 'update/full', reason: 'the poll has as many ballots as its roll has members' };
}

/**
 * What is verified of an update for this state of its slot: its signals and proof.
 *
 * Points are only looked up on the curve here. That they are in the subgroup follows from the proof (SPEC §11.5), and checking it apart
 * would cost more than the proof.
 *
 * @throws `update/point`, `proof/coordinate`
 */
export function proofClaim(
  { base, lanes }: BoxPoll,
  { nullifier, next, proof }: SentUpdate,
  state: FollowedSlot | undefined,
): BatchItem {
  if (![next.R, ...next.C].every(isOnCurve)) {
    throw new UrnaError('update/point', 'a point of the ciphertext is off the curve');
  }
  if (!proof.every((word) => word < p)) {
    throw new UrnaError('proof/coordinate', 'a coordinate of the proof is not below the base field’s order');
  }
  const slot = nullifier as Field;
  const update: Update = {
    ...{ nullifier: slot, context: updateContext(base, slot, state?.head ?? 0n), next },
    ...{ fresh: state === undefined, old: oldOf(state, lanes) },
  };
  return { signals: updateSignals(update), proof };
}
