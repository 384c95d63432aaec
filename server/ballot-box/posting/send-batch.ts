import { batchCapacity } from '../../../contracts/ballots/batch.ts';
import { updateCall } from '../../../contracts/client/ballots.ts';
import type { UpdateBatch } from '../../../contracts/client/ballots.ts';
import { accountCount, broadcast, signCall } from '../../../contracts/client/signed-transaction.ts';
import type { SignedTransaction } from '../../../contracts/client/signed-transaction.ts';
import { decodeNumber } from '../../../protocol/encoding.ts';
import { UrnaError, at } from '../../../protocol/errors.ts';
import { shuffle } from '../../../protocol/random.ts';
import type { LiveUpdate } from '../store/waiting.ts';
import { fetchUpdates, markReturned, markSent } from '../store/waiting.ts';
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
 * Posts waiting updates of one poll, shuffled, in as many transactions as they need; what is left when too many are on their way goes on waiting.
 *
 * @returns how many were sent
 * @throws `state/lease`, `chain/*` if chain or node cannot take anything at the moment: nothing is lost, all go on waiting
 */
export async function sendUpdates(posting: Posting, poll: number, updates: readonly LiveUpdate[]): Promise<number> {
  const shuffled = shuffle(updates, posting.random);
  const capacity = capacityOf(posting, poll);
  let sent = 0;
  for (let start = 0; start < shuffled.length; start += capacity) {
    sent += await posting.inTurn(() => sendBatch(posting, poll, shuffled.slice(start, start + capacity)));
  }
  return sent;
}

async function sendBatch(posting: Posting, poll: number, drawn: readonly LiveUpdate[]): Promise<number> {
  const { store, lease, sender, at: election } = posting;
  const outbox = await readOutbox(store);
  if (outbox.length >= IN_FLIGHT) return 0;
  // Since they were drawn, one may have been replaced, or sent with others.
  const still = await fetchUpdates(
    store,
    drawn.map(({ tracker }) => tracker),
  );
  const updates = still.filter(({ state }) => state === 'waiting');
  if (updates.length === 0) return 0;
  const next = await accountCount(sender, 'pending');
  const nonce = Math.max(next, (outbox.at(-1)?.transaction.nonce ?? -1) + 1);
  let transaction: SignedTransaction;
  try {
    // The node runs the batch before anything is signed.
    transaction = await signCall(sender, updateCall(election, batchOf(poll, updates)), nonce);
  } catch (error) {
    if (!(error instanceof UrnaError) || !FAULTY.test(error.code)) throw error;
    return dropFaulty(posting, poll, updates);
  }
  const trackers = updates.map(({ tracker }) => tracker);
  await putEntry(store, lease, { transaction, earlier: [], trackers });
  await markSent(store, lease, trackers, transaction.hash);
  await broadcast(election.connection, transaction);
  return updates.length;
}

/** One update spoils the batch: halves are tried until it stands alone, and is returned. The others are sent. */
async function dropFaulty(posting: Posting, poll: number, updates: readonly LiveUpdate[]): Promise<number> {
  const [alone] = updates;
  if (alone !== undefined && updates.length === 1) {
    posting.note('update/proof', { returned: 1 });
    await markReturned(posting.store, posting.lease, [alone.tracker], 'update/proof');
    return 0;
  }
  const half = Math.ceil(updates.length / 2);
  const first = await sendBatch(posting, poll, updates.slice(0, half));
  return first + (await sendBatch(posting, poll, updates.slice(half)));
}

function batchOf(poll: number, updates: readonly LiveUpdate[]): UpdateBatch {
  const words = (first: boolean): bigint[] => updates.filter((each) => each.first === first).flatMap(wordsOf);
  return { poll, firsts: words(true), laters: words(false) };
}

function wordsOf({ words }: LiveUpdate): bigint[] {
  return Array.from({ length: words.length / 32 }, (_, i) => decodeNumber(words.subarray(32 * i, 32 * i + 32)));
}
