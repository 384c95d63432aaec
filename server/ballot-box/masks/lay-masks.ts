import type { Round } from '../../../protocol/checks/replay/timeline.ts';
import type { MaskJob } from '../../../protocol/ballot/prove-mask.ts';
import type { ProvedUpdate } from '../../../protocol/ballot/prove.ts';
import { nextHead } from '../../../protocol/ballot/slot.ts';
import { updateWords } from '../../../protocol/ballot/update-file.ts';
import { concatBytes, encodeWord } from '../../../protocol/encoding.ts';
import type { Field } from '../../../protocol/math/field.ts';
import type { BoxPoll } from '../followed/polls.ts';
import type { FollowedSlot } from '../followed/slot-bytes.ts';
import type { BoxStore } from '../store/box-store.ts';
import type { LaidMask } from '../store/updates.ts';
import { layUpdates } from '../store/updates.ts';

/** A slot that wants an update. */
export interface OpenSlot {
  readonly slot: bigint;
  readonly state: FollowedSlot;
}

/** Proves a mask: a pool of threads does. */
export type ProveMask = (job: MaskJob) => Promise<ProvedUpdate>;

/**
 * Makes a mask of every slot, whether or not a vote waits for it, and lays those where none does: so nobody can tell from the time that it takes how many
 * votes there are (SPEC §17.2). A mask is stored as voters' updates are: same stream, same keys, same sizes; one that is not needed is forgotten.
 *
 * @throws `busy/chain`, `proof/*`, `internal/worker`
 */
export async function layMasks(
  store: BoxStore,
  poll: BoxPoll,
  proveMask: ProveMask,
  { round, endsAt }: Round,
  slots: readonly OpenSlot[],
): Promise<void> {
  const masks = await Promise.all(slots.map((slot) => makeMask(poll, proveMask, slot)));
  await layUpdates(store, poll.poll, { round, by: endsAt }, masks);
}

async function makeMask(
  { constants, base }: BoxPoll,
  proveMask: ProveMask,
  { slot, state }: OpenSlot,
): Promise<LaidMask> {
  const proved = await proveMask({ constants, contextBase: base, slot: slot as Field, state });
  const words = concatBytes(...updateWords(proved, state).map(encodeWord));
  return { slot, head: state.head, next: nextHead(state.head, proved.update.next), words };
}
