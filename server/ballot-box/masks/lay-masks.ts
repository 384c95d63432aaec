import type { Round } from '../../../protocol/checks/replay/timeline.ts';
import type { MaskJob } from '../../../protocol/ballot/prove-mask.ts';
import type { ProvedUpdate } from '../../../protocol/ballot/prove.ts';
import { nextHead } from '../../../protocol/ballot/slot.ts';
import { updateWords } from '../../../protocol/ballot/update-file.ts';
import { concatBytes, encodeWord } from '../../../protocol/encoding.ts';
import { UrnaError } from '../../../protocol/errors.ts';
import type { Field } from '../../../protocol/math/field.ts';
import type { BoxPoll } from '../followed/polls.ts';
import type { FollowedSlot } from '../followed/slot-bytes.ts';
import type { BoxStore } from '../store/box-store.ts';
import { acceptUpdate } from '../store/updates.ts';

/** A slot that wants a mask. */
export interface MaskedSlot {
  readonly slot: bigint;
  readonly state: FollowedSlot;
}

/** Proves a mask: a pool of threads does. */
export type ProveMask = (job: MaskJob) => Promise<ProvedUpdate>;

/** A vote came while the mask was made, or the slot has moved on: then there is nothing to mask. */
const NOT_NEEDED = ['update/waiting', 'update/stale', 'update/pending'];

/**
 * Makes masks and hands them to the store as voters' updates are handed to it: same function, same stream, same keys, same sizes (DESIGN §2.5).
 *
 * @returns how many were laid
 * @throws `busy/queue`, `busy/chain`, `proof/*`, `internal/worker`
 */
export async function layMasks(
  store: BoxStore,
  poll: BoxPoll,
  proveMask: ProveMask,
  round: Round,
  slots: readonly MaskedSlot[],
): Promise<number> {
  const laid = await Promise.all(slots.map((slot) => layMask(store, poll, proveMask, round, slot)));
  return laid.filter(Boolean).length;
}

async function layMask(
  store: BoxStore,
  { poll, constants, base }: BoxPoll,
  proveMask: ProveMask,
  { round, endsAt }: Round,
  { slot, state }: MaskedSlot,
): Promise<boolean> {
  const proved = await proveMask({ constants, contextBase: base, slot: slot as Field, state });
  const update = {
    ...{ poll, slot, first: false, head: state.head, next: nextHead(state.head, proved.update.next) },
    words: concatBytes(...updateWords(proved, state).map(encodeWord)),
    ...{ round, by: endsAt },
  };
  try {
    await acceptUpdate(store, update, { replaces: false, open: true });
    return true;
  } catch (error) {
    if (error instanceof UrnaError && NOT_NEEDED.includes(error.code)) return false;
    throw error;
  }
}
