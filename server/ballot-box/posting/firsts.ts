import { lowerHex } from '../../../contracts/client/election.ts';
import { decodeWord } from '../../../protocol/encoding.ts';
import { standInDelay } from '../intake/turn.ts';
import type { LiveUpdate } from '../store/waiting.ts';
import { drawFirsts } from '../store/waiting.ts';
import type { Posting } from './posting.ts';
import { IN_FLIGHT, capacityOf, sendUpdates } from './send-batch.ts';
import type { VotingTime } from './voting-time.ts';

/** Times as many as can be sent that are drawn at most. */
const MOST_DRAWN = 4;

/**
 * Posts first casts: all that have come in a window go together, in an order drawn for them. Of more than fit, any may have to wait for
 * the next window. Those that another box is to post first wait for it to have done so, but not once voting is over.
 *
 * @returns how many were sent
 */
export async function sendFirsts(posting: Posting, { times, round }: VotingTime): Promise<number> {
  const { store, followed, config } = posting;
  const isDue = round.round === times.rounds.length - 1 ? () => true : await dueFirsts(posting);
  let sent = 0;
  for (const poll of followed.facts().polls.keys()) {
    const most = IN_FLIGHT * capacityOf(posting, poll);
    // So many that there are enough among them for which no other box has to be waited for.
    const waiting = await drawFirsts(store, poll, most * Math.min(config.boxes.length, MOST_DRAWN));
    sent += await sendUpdates(posting, poll, waiting.filter(isDue).slice(0, most));
  }
  return sent;
}

/** Says of first casts whether the boxes that come before this one have had their time. */
async function dueFirsts(posting: Posting): Promise<(update: LiveUpdate) => boolean> {
  const { store, followed, config, sender, windowSeconds } = posting;
  const turns = { boxes: config.boxes, sealedRootsHash: decodeWord(followed.facts().sealed?.rootsHash) };
  const own = config.boxes.indexOf(lowerHex(sender.account.address));
  const [seconds] = await store.redis.time();
  const now = 1000 * Number(seconds);
  return ({ slot, round, since }) => now - since >= 1000 * standInDelay(turns, own, slot, round, windowSeconds);
}
