import { nextHead, updateContext } from './slot.ts';
import type { SlotState } from './slot.ts';
import { oldOf } from './statement.ts';
import { verifyUpdate } from './prove.ts';
import type { SentUpdate } from '../checks/replay/update-words.ts';
import { isInSubgroup } from '../math/curve.ts';
import type { Field } from '../math/field.ts';
import type { VerifyingKey } from '../math/groth16-key.ts';
import type { PollConstants } from './statement.ts';

/** Why a box does not take an update: the code and a sentence for the voter. */
export interface Fault {
  readonly code: string;
  readonly reason: string;
}

/** What judging an update takes of its poll. */
export interface JudgedPoll {
  readonly constants: PollConstants;
  /** Base of its updates' contexts (SPEC §2). */
  readonly base: bigint;
}

/** Why the slot's present state does not admit the update, before any work is spent on its proof. */
export function staleFault(sent: SentUpdate, state: SlotState | undefined): Fault | undefined {
  if (sent.previous === undefined) {
    return state === undefined
      ? undefined
      : { code: 'update/occupied', reason: 'the slot holds a vote: change it instead' };
  }
  if (state === undefined) return { code: 'update/empty', reason: 'the slot is empty: cast a first ballot instead' };
  const head = nextHead(sent.previous.head, sent.previous.ciphertext);
  return head === state.head
    ? undefined
    : { code: 'update/stale', reason: 'the slot has changed since: make the ballot again' };
}

/** Why the update's proof does not hold for the slot's present state. */
export async function proofFault(
  poll: JudgedPoll,
  key: VerifyingKey,
  sent: SentUpdate,
  state: SlotState | undefined,
): Promise<Fault | undefined> {
  const { next, nullifier, proof } = sent;
  const points = [next.R, ...next.C].every((point) => isInSubgroup(point));
  if (!points) return { code: 'update/point', reason: 'a point of the ciphertext is not in the subgroup' };
  const slot = nullifier as Field;
  const update = {
    nullifier: slot,
    context: updateContext(poll.base, slot, state?.head ?? 0n),
    fresh: state === undefined,
    old: oldOf(state, poll.constants.keys.length),
    next,
  };
  const holds = await verifyUpdate(key, poll.constants, update, proof);
  return holds ? undefined : { code: 'update/proof', reason: 'the proof does not hold for this slot and poll' };
}
