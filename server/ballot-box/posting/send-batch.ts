import { batchCapacity } from '../../../contracts/ballots/batch.ts';
import { updateCall } from '../../../contracts/client/ballots.ts';
import type { UpdateBatch } from '../../../contracts/client/ballots.ts';
import { accountCount, broadcast, signCall } from '../../../contracts/client/signed-transaction.ts';
import type { SignedTransaction } from '../../../contracts/client/signed-transaction.ts';
import { decodeNumber } from '../../../protocol/encoding.ts';
import { UrnaError, at } from '../../../protocol/errors.ts';
import { shuffle } from '../../../protocol/random.ts';
import type { Tracker } from '../store/updates.ts';
import type { LiveUpdate, WantedSlot } from '../store/waiting.ts';
import { claimUpdates, markReturned, markSent, markWaiting } from '../store/waiting.ts';
import { putEntry, readOutbox } from './outbox.ts';
import type { Posting } from './posting.ts';

/** Transactions on their way at once, at most: what a reorganisation or a dead node could take back. */
export const IN_FLIGHT = 8;

/** What the contract says of a batch that holds an update which no batch can hold. */
const FAULTY = /^chain\/(?:proofs-invalid|signal-too-large|coordinate-too-large|proof-point-invalid)$/u;

/** Updates of one transaction of a poll, at most. */
export function capacityOf({ config }: Posting, poll: number): number {
  return batchCapacity(at(config.contests, at(config.polls, poll).contest).lanes);
}

/**
 * Posts what waits for slots of one poll, shuffled, in as many transactions as it needs; what is left when too many are on their way goes on waiting.
 *
 * @returns how many were sent
 * @throws `state/lease`, `chain/*` if chain or node cannot take anything at the moment: nothing is lost, all go on waiting
 */
export async function sendUpdates(posting: Posting, poll: number, slots: readonly WantedSlot[]): Promise<number> {
  const shuffled = shuffle(slots, posting.random);
  const capacity = capacityOf(posting, poll);
  let sent = 0;
  for (let start = 0; start < shuffled.length; start += capacity) {
    sent += await posting.inTurn(() => sendBatch(posting, poll, shuffled.slice(start, start + capacity)));
  }
  return sent;
}

/** Claims what waits by now, and sends it: one update may spoil the batch, and then halves of it are tried until that one stands alone, and is returned. */
async function sendBatch(posting: Posting, poll: number, slots: readonly WantedSlot[]): Promise<number> {
  const { store, lease } = posting;
  if ((await readOutbox(store)).length >= IN_FLIGHT) return 0;
  const claimed = await claimUpdates(store, lease, poll, slots);
  const unsigned: (readonly LiveUpdate[])[] = claimed.length === 0 ? [] : [claimed];
  let sent = 0;
  try {
    for (let part = unsigned[0]; part !== undefined; part = unsigned[0]) {
      const transaction = await signBatch(posting, poll, part);
      if (transaction === undefined) {
        unsigned.splice(0, 1, ...(await withoutFaulty(posting, part)));
        continue;
      }
      // From here on the outbox says what is sent, and whoever cannot read it looks there again.
      unsigned.shift();
      await sendSigned(posting, transaction, part);
      sent += part.length;
    }
  } catch (error) {
    await markWaiting(store, lease, unsigned.flat().map(trackerOf));
    throw error;
  }
  return sent;
}

/** The batch with the account's next number; undefined if an update in it is one that no batch can hold. */
async function signBatch(
  { store, sender, at: election }: Posting,
  poll: number,
  updates: readonly LiveUpdate[],
): Promise<SignedTransaction | undefined> {
  const outbox = await readOutbox(store);
  const next = await accountCount(sender, 'pending');
  const nonce = Math.max(next, (outbox.at(-1)?.transaction.nonce ?? -1) + 1);
  try {
    // The node runs the batch before anything is signed.
    return await signCall(sender, updateCall(election, batchOf(poll, updates)), nonce);
  } catch (error) {
    if (!(error instanceof UrnaError) || !FAULTY.test(error.code)) throw error;
    return undefined;
  }
}

async function sendSigned(
  { store, lease, at: { connection } }: Posting,
  transaction: SignedTransaction,
  updates: readonly LiveUpdate[],
): Promise<void> {
  const trackers = updates.map(trackerOf);
  await putEntry(store, lease, { transaction, earlier: [], trackers });
  await markSent(store, lease, trackers, transaction.hash);
  await broadcast(connection, transaction);
}

/** The batches to try in the place of one that holds a faulty update. */
async function withoutFaulty(
  { store, lease, note }: Posting,
  updates: readonly LiveUpdate[],
): Promise<readonly (readonly LiveUpdate[])[]> {
  if (updates.length > 1) {
    const half = Math.ceil(updates.length / 2);
    return [updates.slice(0, half), updates.slice(half)];
  }
  note('update/proof', { returned: 1 });
  await markReturned(store, lease, updates.map(trackerOf), 'update/proof');
  return [];
}

function trackerOf({ tracker }: LiveUpdate): Tracker {
  return tracker;
}

function batchOf(poll: number, updates: readonly LiveUpdate[]): UpdateBatch {
  const words = (first: boolean): bigint[] => updates.filter((each) => each.first === first).flatMap(wordsOf);
  return { poll, firsts: words(true), laters: words(false) };
}

function wordsOf({ words }: LiveUpdate): bigint[] {
  return Array.from({ length: words.length / 32 }, (_, i) => decodeNumber(words.subarray(32 * i, 32 * i + 32)));
}
