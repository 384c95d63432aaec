import { fingerprint, nextHead } from '../ballot/slot.ts';
import { applyEntry, judgedUpdates } from '../checks/replay/replay.ts';
import type { Replay } from '../checks/replay/replay.ts';
import { sentNullifiers } from '../checks/replay/update-words.ts';
import type { Hex } from '../encoding.ts';
import { wordHex } from '../encoding.ts';
import { toField } from '../math/field.ts';
import type { Entry, EntryOf } from '../record/entry.ts';
import type { HeldSlot } from './held-slot.ts';

/** One update of a slot, as its history shows it. */
export interface SlotEvent {
  readonly block: number;
  readonly time: number;
  readonly round: number;
  readonly transaction: string;
  /** Of the ciphertext that the slot held from then on: what was noted before casting, unless it is a mask's. */
  readonly fingerprint: Hex;
  /** The slot's head from then on: what receipts name. */
  readonly head: Hex;
}

/** A slot that is not empty, and all its updates. */
export interface BookedSlot extends HeldSlot {
  readonly history: readonly SlotEvent[];
}

/** Whether a slot is of those that are wanted. */
export type IsWanted = (poll: number, nullifier: bigint) => boolean;

/** By poll and nullifier. */
export type SlotBook = ReadonlyMap<number, ReadonlyMap<bigint, BookedSlot>>;
type Book = Map<number, Map<bigint, BookedSlot>>;

/**
 * The wanted slots as a record says they are. Ballots are not added up, and batches without a wanted slot are passed over: a city's record
 * is read in the memory that its own slots take.
 *
 * @param replay - before the first entry; all but the ballots is applied to it @param note - told each entry first
 */
export async function bookSlots(
  replay: Replay,
  entries: AsyncIterable<Entry> | Iterable<Entry>,
  isWanted: IsWanted,
  note: (entry: Entry) => void = () => undefined,
): Promise<SlotBook> {
  const book: Book = new Map();
  for await (const entry of entries) {
    note(entry);
    if (entry.kind !== 'updates') applyEntry(replay, entry);
    else if (holdsWanted(replay, entry, isWanted)) bookUpdates(book, replay, entry, isWanted);
  }
  return book;
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
  const { domain } = replay;
  const slots = book.get(data.poll) ?? new Map<bigint, BookedSlot>();
  book.set(data.poll, slots);
  for (const { sent, skipped } of judgedUpdates(replay, entry)) {
    if (skipped || domain === undefined || !isWanted(data.poll, sent.nullifier)) continue;
    const before = slots.get(sent.nullifier);
    const previousHead = before?.head ?? 0n;
    const head = nextHead(previousHead, sent.next);
    const of = fingerprint({ ...domain, poll: data.poll }, toField(sent.nullifier), sent.next);
    const update = { block, time, round: data.round, transaction, fingerprint: wordHex(of), head: wordHex(head) };
    const history = [...(before?.history ?? []), update];
    slots.set(sent.nullifier, { head, previousHead, ciphertext: sent.next, round: data.round, history });
  }
}
