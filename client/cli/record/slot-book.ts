import { nextHead } from '../../../protocol/ballot/slot.ts';
import { applyEntry, judgedUpdates } from '../../../protocol/checks/replay/replay.ts';
import type { Replay } from '../../../protocol/checks/replay/replay.ts';
import { sentNullifiers } from '../../../protocol/checks/replay/update-words.ts';
import type { EntryOf } from '../../../protocol/record/entry.ts';
import type { HeldSlot } from '../../../protocol/voting/held-slot.ts';
import type { LoadedElection } from '../election/definition-file.ts';
import { emptyReplay, finishView, noteEntry, startNotes } from './view.ts';
import type { ElectionView, Entries } from './view.ts';

/** One update of a slot, as its history shows it. */
export interface SlotEvent {
  readonly block: number;
  readonly time: number;
  readonly round: number;
  readonly transaction: string;
}

/** A slot that is not empty, and all its updates. */
export interface BookedSlot extends HeldSlot {
  readonly history: readonly SlotEvent[];
}

/** An election with those slots that somebody wants to know of. */
export interface SlotsView extends ElectionView {
  /** By poll and nullifier. */
  readonly slots: ReadonlyMap<number, ReadonlyMap<bigint, BookedSlot>>;
}

/** Whether a slot is of those that are wanted. */
export type IsWanted = (poll: number, nullifier: bigint) => boolean;

type Book = Map<number, Map<bigint, BookedSlot>>;

/**
 * An election and the wanted slots as its record says they are. Ballots are not added up, and batches without a wanted slot are passed
 * over: a voter's command reads a city's record in the memory that its own slots take.
 *
 * @throws `record/election`, `record/empty`
 */
export async function viewSlots(election: LoadedElection, entries: Entries, isWanted: IsWanted): Promise<SlotsView> {
  const [noted, replay, slots] = [startNotes(), await emptyReplay(election), new Map() as Book];
  for await (const entry of entries) {
    noteEntry(noted, election, entry);
    if (entry.kind !== 'updates') applyEntry(replay, entry);
    else if (holdsWanted(replay, entry, isWanted)) bookUpdates(slots, replay, entry, isWanted);
  }
  return { ...finishView(noted, replay), slots };
}

/** The slot of a nullifier, undefined while it is empty. */
export function slotIn({ slots }: Pick<SlotsView, 'slots'>, poll: number, nullifier: bigint): BookedSlot | undefined {
  return slots.get(poll)?.get(nullifier);
}

function holdsWanted({ polls }: Replay, { data }: EntryOf<'updates'>, isWanted: IsWanted): boolean {
  const poll = polls.get(data.poll);
  if (poll === undefined) return false;
  for (const nullifier of sentNullifiers(poll.setting.lanes, data.firsts, data.laters)) {
    if (isWanted(data.poll, nullifier)) return true;
  }
  return false;
}

function bookUpdates(book: Book, replay: Replay, entry: EntryOf<'updates'>, isWanted: IsWanted): void {
  const { block, time, transaction, data } = entry;
  const slots = book.get(data.poll) ?? new Map<bigint, BookedSlot>();
  book.set(data.poll, slots);
  for (const { sent, skipped } of judgedUpdates(replay, entry)) {
    if (skipped || !isWanted(data.poll, sent.nullifier)) continue;
    const before = slots.get(sent.nullifier);
    const previousHead = before?.head ?? 0n;
    const head = nextHead(previousHead, sent.next);
    const history = [...(before?.history ?? []), { block, time, round: data.round, transaction }];
    slots.set(sent.nullifier, { head, previousHead, ciphertext: sent.next, round: data.round, history });
  }
}
