import { bookSlots } from '../../../protocol/voting/slot-book.ts';
import type { BookedSlot, IsWanted, SlotBook } from '../../../protocol/voting/slot-book.ts';
import type { LoadedElection } from '../election/definition-file.ts';
import { emptyReplay, finishView, noteEntry, startNotes } from './view.ts';
import type { ElectionView, Entries } from './view.ts';

/** An election with those slots that somebody wants to know of. */
export interface SlotsView extends ElectionView {
  readonly slots: SlotBook;
}

/**
 * An election and the wanted slots as its record says they are.
 *
 * @throws `record/election`, `record/empty`
 */
export async function viewSlots(election: LoadedElection, entries: Entries, isWanted: IsWanted): Promise<SlotsView> {
  const [noted, replay] = [startNotes(), await emptyReplay(election)];
  const slots = await bookSlots(replay, entries, isWanted, (entry) => noteEntry(noted, election, entry));
  return { ...finishView(noted, replay), slots };
}

/** The slot of a nullifier, undefined while it is empty. */
export function slotIn({ slots }: Pick<SlotsView, 'slots'>, poll: number, nullifier: bigint): BookedSlot | undefined {
  return slots.get(poll)?.get(nullifier);
}
