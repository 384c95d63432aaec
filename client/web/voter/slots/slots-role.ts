import { wordHex } from '../../../../protocol/encoding.ts';
import { fingerprint } from '../../../../protocol/ballot/slot.ts';
import { startPlainReplay } from '../../../../protocol/checks/replay/replay.ts';
import { loadPoseidon } from '../../../../protocol/math/poseidon.ts';
import type { Entry } from '../../../../protocol/record/entry.ts';
import { findOwnSlots } from '../../../../protocol/voting/own-slot.ts';
import type { OwnSlot } from '../../../../protocol/voting/own-slot.ts';
import type { Reader } from '../../../../protocol/voting/reader.ts';
import { bookSlots } from '../../../../protocol/voting/slot-book.ts';
import type { SlotBook } from '../../../../protocol/voting/slot-book.ts';
import { getBytes } from '../../../http/ask.ts';
import { serviceFiles } from '../../observe/service-files.ts';
import { answerOnce } from '../../worker/answer-once.ts';
import { randomBytes } from '../random.ts';
import { compareSlot } from './compare-slot.ts';
import { recordEntries, requireElection, tell } from './record-entries.ts';
import type { OwnSlotView, SlotsTask } from './slots-task.ts';

/** A group of slots may take its time over a slow line; milliseconds. */
const TIMEOUT = 300_000;

/** Looks at the own slots once. */
export function handle(task: SlotsTask): void {
  void answerOnce(() => lookAtSlots(task));
}

/** @throws the codes of `findOwnSlots`, `record/*`; where a node is asked `chain/*`, `follow/*`, `seals/*` */
async function lookAtSlots(task: SlotsTask): Promise<readonly OwnSlotView[]> {
  const { service, election, identity, district, contests, rpc } = task;
  const poseidon = await loadPoseidon();
  const read: Reader = (path, maxBytes) => getBytes(service, path, { maxBytes, timeout: TIMEOUT });
  const slots = await findOwnSlots(read, poseidon, { election, identity, district }, randomBytes);
  const own: OwnSlot[] = [];
  for (const contest of contests) own.push(await slots(contest));
  const isOwn = (poll: number, nullifier: bigint): boolean =>
    own.some((slot) => slot.poll.id.poll === poll && slot.nullifier === nullifier);
  const book = async (entries: AsyncIterable<Entry>): Promise<SlotBook> => {
    const replay = startPlainReplay(election.definition, poseidon);
    const found = await bookSlots(replay, entries, isOwn);
    requireElection(replay, election.context);
    return found;
  };
  // What talks to a node is loaded only where one is named.
  const node = rpc === '' ? undefined : await (await import('./node-slots.ts')).openNode(rpc, election, read);
  const history =
    node === undefined ? await book(recordEntries(serviceFiles(service))) : await node.history(book, tell);
  const views: OwnSlotView[] = [];
  for (const [i, slot] of own.entries()) {
    const view = viewOf(contests[i] ?? 0, slot, history);
    const isEmpty = view.held === undefined && view.updates.length === 0;
    views.push(node !== undefined && isEmpty ? { ...view, ...(await node.proveEmpty(slot, identity)) } : view);
  }
  return views;
}

function viewOf(contest: number, { poll, nullifier, state }: OwnSlot, book: SlotBook): OwnSlotView {
  const updates = book.get(poll.id.poll)?.get(nullifier)?.history ?? [];
  const finding = compareSlot(state && wordHex(state.head), updates);
  const held = state && {
    fingerprint: wordHex(fingerprint(poll.id, nullifier, state.ciphertext)),
    round: state.round,
  };
  return { contest, held, updates, finding, emptyProof: undefined };
}
