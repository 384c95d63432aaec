import { dryRunUpdates, postUpdates, readSlot } from '../../../contracts/client/ballots.ts';
import { batchCapacity } from '../../../contracts/ballots/batch.ts';
import { nextHead } from '../../../protocol/ballot/slot.ts';
import { decodeHex, decodeNumber } from '../../../protocol/encoding.ts';
import { shuffle } from '../../../protocol/random.ts';
import type { Invocation } from '../frame/invocation.ts';
import { randomBytes } from '../../../protocol/node/random.ts';
import { slotIn } from '../record/slot-book.ts';
import type { BoxSession } from './session.ts';
import { sentUpdate } from '../../../protocol/ballot/update-file.ts';
import type { UpdateFile } from '../../../protocol/ballot/update-file.ts';

/** What became of the updates that were sent. */
export interface Sent {
  readonly batches: number;
  readonly gas: number;
  /** Updates that took effect: their slots hold them now. */
  readonly counted: readonly UpdateFile[];
  /** Updates that the chain skipped: the slot, the round or the sender did not fit. */
  readonly skipped: readonly UpdateFile[];
}

/** Posts updates in random order, batch by batch and poll by poll, and looks which of them took effect. */
export async function sendUpdates(
  call: Invocation,
  session: BoxSession,
  updates: readonly UpdateFile[],
): Promise<Sent> {
  const { at, sender } = session;
  const counted: UpdateFile[] = [];
  const skipped: UpdateFile[] = [];
  let [batches, gas] = [0, 0];
  call.progress.start('posting', updates.length);
  for (const batch of batchesOf(session, shuffle(updates, randomBytes))) {
    await dryRunUpdates(at, sender, batch.words);
    gas += Number((await postUpdates(at, sender, batch.words)).gasUsed);
    batches += 1;
    for (const update of batch.updates) ((await tookEffect(session, update)) ? counted : skipped).push(update);
    call.progress.update(counted.length + skipped.length);
  }
  call.progress.stop();
  return { batches, gas, counted, skipped };
}

function batchesOf({ poll: pollOf }: BoxSession, updates: readonly UpdateFile[]) {
  const polls = [...new Set(updates.map(({ poll }) => poll))];
  return shuffle(polls, randomBytes).flatMap((poll) => {
    const own = updates.filter((update) => update.poll === poll);
    const capacity = batchCapacity(pollOf(poll).constants.keys.length);
    return Array.from({ length: Math.ceil(own.length / capacity) }, (_, i) => {
      const part = own.slice(i * capacity, (i + 1) * capacity);
      const words = (first: boolean): bigint[] => part.filter((update) => update.first === first).flatMap(wordsOf);
      return { updates: part, words: { poll, firsts: words(true), laters: words(false) } };
    });
  });
}

function wordsOf({ words }: UpdateFile): bigint[] {
  const bytes = decodeHex(words);
  return Array.from({ length: bytes.length / 32 }, (_, i) => decodeNumber(bytes.subarray(32 * i, 32 * i + 32)));
}

async function tookEffect({ at, view, poll }: BoxSession, update: UpdateFile): Promise<boolean> {
  const { nullifier, next } = sentUpdate(update, poll(update.poll).constants.keys.length);
  const head = nextHead(slotIn(view, update.poll, nullifier)?.head ?? 0n, next);
  return (await readSlot(at, update.poll, nullifier)) >> 8n === head;
}
