import type { Ciphertext } from '../../../protocol/ballot/ciphertext.ts';
import { nextHead } from '../../../protocol/ballot/slot.ts';
import type { SlotState } from '../../../protocol/ballot/slot.ts';
import { toConfig } from '../../../protocol/config/to-config.ts';
import type { Evidence } from '../../../protocol/checks/replay/evidence.ts';
import { applyEntry, judgedUpdates, startReplay } from '../../../protocol/checks/replay/replay.ts';
import type { Replay } from '../../../protocol/checks/replay/replay.ts';
import { encodeDefinition } from '../../../protocol/definition/decode.ts';
import { require } from '../../../protocol/errors.ts';
import { loadPoseidon } from '../../../protocol/math/poseidon.ts';
import type { Entry, EntryOf } from '../../../protocol/record/entry.ts';
import type { LoadedElection } from '../election/definition-file.ts';
import { requireDefined } from './defined.ts';

/** One update of a slot, as its history shows it. */
export interface SlotEvent {
  readonly block: number;
  readonly time: number;
  readonly round: number;
  readonly transaction: string;
}

/** A slot that is not empty. */
export interface BookedSlot extends SlotState {
  /** Head before its last update: with the ciphertext it hashes to `head`. */
  readonly previousHead: bigint;
  /** Of its last update. */
  readonly round: number;
  readonly history: readonly SlotEvent[];
}

/** An election as its record tells it, recomputed entry by entry. */
export interface ElectionView {
  readonly replay: Replay;
  /** Slots by poll and nullifier. */
  readonly slots: ReadonlyMap<number, ReadonlyMap<bigint, BookedSlot>>;
  readonly entries: readonly Entry[];
  /** Acts executed so far. */
  readonly acts: number;
}

type Book = Map<number, Map<bigint, BookedSlot>>;

/**
 * Recomputes an election from its record. It shows what the record says took effect; whether that is right is for the checks.
 *
 * @throws `record/election` if the record is of another election, `record/empty`
 */
export async function viewElection(
  { definition, context }: LoadedElection,
  entries: AsyncIterable<Entry> | Iterable<Entry>,
): Promise<ElectionView> {
  const config = toConfig(definition);
  const replay = startReplay(evidenceOf(encodeDefinition(definition)), definition, config, await loadPoseidon());
  const book: Book = new Map();
  const kept: Entry[] = [];
  let acts = 0;
  let defined = false;
  for await (const entry of entries) {
    if (entry.kind === 'defined') defined = requireDefined(entry.data, context);
    if ('act' in entry.data && entry.data.act !== null) acts += 1;
    if (entry.kind === 'updates') bookUpdates(book, replay, entry);
    applyEntry(replay, entry);
    kept.push(entry);
  }
  require(defined, 'record/empty', 'the record does not tell of the election’s definition');
  return { replay, slots: book, entries: kept, acts };
}

/** The slot of a nullifier, undefined while it is empty. */
export function slotIn({ slots }: ElectionView, poll: number, nullifier: bigint): BookedSlot | undefined {
  return slots.get(poll)?.get(nullifier);
}

/** A replay looks at the definition only; the rest is for the checks. */
function evidenceOf(definition: Uint8Array): Evidence {
  const build = {} as Evidence['build'];
  return { definition, credentials: [], registrations: [], reasons: [], circuits: [], build };
}

function bookUpdates(book: Book, replay: Replay, entry: EntryOf<'updates'>): void {
  const { block, time, transaction, data } = entry;
  const slots = book.get(data.poll) ?? new Map<bigint, BookedSlot>();
  book.set(data.poll, slots);
  for (const { sent, skipped } of judgedUpdates(replay, entry) ?? []) {
    if (skipped) continue;
    const before = slots.get(sent.nullifier);
    const ciphertext: Ciphertext = sent.next;
    const previousHead = before?.head ?? 0n;
    const head = nextHead(previousHead, ciphertext);
    const history = [...(before?.history ?? []), { block, time, round: data.round, transaction }];
    slots.set(sent.nullifier, { head, previousHead, ciphertext, round: data.round, history });
  }
}
