import { countDue, drawFirsts, pollsDue, storeTime } from '../store/waiting.ts';
import { readOutbox } from './outbox.ts';
import type { Posting } from './posting.ts';
import { IN_FLIGHT, capacityOf, sendUpdates } from './send-batch.ts';
import type { VotingTime } from './voting-time.ts';

/** What a window's work came to. */
export interface SentFirsts {
  readonly sent: number;
  /** Those that were due and did not fit. */
  readonly left: number;
}

/**
 * Posts first casts: all that have come in a window go together, in an order drawn for them. Of more than fit, those go that have been due for longest, from whichever
 * poll: so that each is on chain when its receipt says. Those that another box is to post first wait for it to have done so, but not once voting is over.
 */
export async function sendFirsts(posting: Posting, { times, round }: VotingTime): Promise<SentFirsts> {
  const { store, config } = posting;
  const isLast = round.round === times.rounds.length - 1;
  const until = isLast ? Infinity : await storeTime(store);
  let sent = 0;
  for (const poll of await pollsDue(store, config.polls.length, until)) {
    const room = IN_FLIGHT - (await readOutbox(store)).length;
    if (room <= 0) break;
    const drawn = await drawFirsts(store, poll, room * capacityOf(posting, poll), until);
    sent += await sendUpdates(posting, poll, drawn);
  }
  return { sent, left: await countDue(store, config.polls.length, until) };
}
