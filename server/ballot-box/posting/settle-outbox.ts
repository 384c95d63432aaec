import {
  accountCount,
  broadcast,
  minedResult,
  minedUnder,
  signDearer,
  signNothing,
} from '../../../contracts/client/signed-transaction.ts';
import type { MinedResult } from '../../../contracts/client/signed-transaction.ts';
import { confirmedHead } from '../../../contracts/follower/source.ts';
import { settleUpdates } from '../store/settle.ts';
import { markSent, markWaiting, sentUpdates } from '../store/waiting.ts';
import type { OutboxEntry } from './outbox.ts';
import { readOutbox, removeEntry, replaceEntry } from './outbox.ts';
import type { Posting } from './posting.ts';

/**
 * After a start, and after Redis was lost: what was signed counts as sent, and what is called sent without having been signed waits again. Not while a batch is being
 * made ({@link Posting.inTurn}): what it has claimed is not signed yet.
 *
 * @throws `state/lease`
 */
export async function recoverOutbox({ store, lease }: Posting): Promise<void> {
  const outbox = await readOutbox(store);
  const signed = new Set(outbox.flatMap(({ trackers }) => trackers));
  for await (const part of sentUpdates(store)) {
    const lost = part.map(({ tracker }) => tracker).filter((tracker) => !signed.has(tracker));
    await markWaiting(store, lease, lost);
  }
  for (const { trackers, transaction } of outbox) await markSent(store, lease, trackers, transaction.hash);
}

/**
 * Looks what became of the transactions on their way. One is over when it, or another of its number, is in a confirmed block that the
 * cache holds; the cache then says which of its updates were counted, and the others wait again. All others are sent once more:
 * a node may have forgotten them, a reorganisation may have taken them out. Notes `chain/reverted` of one that the chain refused,
 * `chain/nonce` where another of its number came first: this account is then used by somebody else, too.
 *
 * @returns how many are over
 * @throws `state/lease`, `chain/*`
 */
export async function settleOutbox(posting: Posting): Promise<number> {
  const { store, lease, sender, followed, at: election } = posting;
  const entries = await readOutbox(store);
  if (entries.length === 0) return 0;
  const read = Math.min(followed.next() - 1, await confirmedHead(election.connection));
  const used = await accountCount(sender, read);
  await useFreedNumbers(posting, entries);
  let over = 0;
  for (const entry of entries) {
    const mined = await resultOf(posting, entry);
    const confirmed = mined === undefined ? await isReplaced(posting, entry, read, used) : mined.block <= read;
    if (!confirmed) {
      if (mined === undefined) await sendAgain(posting, entry);
      continue;
    }
    const updates = entry.trackers.length;
    if (mined?.success !== true) posting.note(mined === undefined ? 'chain/nonce' : 'chain/reverted', { updates });
    await settleUpdates(store);
    await markWaiting(store, lease, entry.trackers);
    await removeEntry(store, lease, entry);
    over += 1;
  }
  return over;
}

/**
 * Whether another transaction of the entry's number is in a block up to `read`, where no receipt of the entry's own was found after that block was known. A
 * node may count as of its newest block what it is only about to put into the next one, and have no receipt of it yet. So of block `read` its transactions are
 * believed and not the count; the count of what lies below it cannot change any more. Neither waits for a further block.
 */
async function isReplaced(
  { sender }: Posting,
  { transaction, earlier }: OutboxEntry,
  read: number,
  used: number,
): Promise<boolean> {
  const { nonce, hash } = transaction;
  if (nonce >= used) return false;
  if (read > 0 && nonce < (await accountCount(sender, read - 1))) return true;
  const mined = await minedUnder(sender, nonce, read);
  return mined !== undefined && mined !== hash && !earlier.includes(mined);
}

/**
 * A deep reorganisation can take back transactions that were over, and nobody has them any more. Whatever is on its way under a later number waits for
 * theirs: they are used up, and the updates they held go under new ones. Where somebody has a transaction of such a number after all, a node keeps that one.
 */
async function useFreedNumbers(
  { sender, at: election, note }: Posting,
  entries: readonly OutboxEntry[],
): Promise<void> {
  const held = new Set(entries.map(({ transaction }) => transaction.nonce));
  const last = Math.max(...held);
  // Counted in blocks: some nodes take the highest number that waits with them for the next one, whatever is missing below.
  for (let nonce = await accountCount(sender, 'latest'); nonce < last; nonce++) {
    if (held.has(nonce)) continue;
    note('chain/number-freed', { nonce });
    await broadcast(election.connection, await signNothing(sender, nonce));
  }
}

async function resultOf({ at: { connection } }: Posting, entry: OutboxEntry): Promise<MinedResult | undefined> {
  for (const hash of [entry.transaction.hash, ...entry.earlier]) {
    const mined = await minedResult(connection, hash);
    if (mined !== undefined) return mined;
  }
  return undefined;
}

async function sendAgain({ store, lease, sender, at: { connection } }: Posting, entry: OutboxEntry): Promise<void> {
  const dearer = await signDearer(sender, entry.transaction);
  const transaction = dearer ?? entry.transaction;
  if (dearer !== undefined) {
    const earlier = [...entry.earlier, entry.transaction.hash];
    await replaceEntry(store, lease, { transaction, earlier, trackers: entry.trackers });
  }
  // Where the entry was stored and Redis was lost before more could be, its updates still wait.
  await markSent(store, lease, entry.trackers, transaction.hash);
  await broadcast(connection, transaction);
}
