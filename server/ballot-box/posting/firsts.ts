import { drawFirsts } from '../store/waiting.ts';
import type { Posting } from './posting.ts';
import { IN_FLIGHT, capacityOf, sendUpdates } from './send-batch.ts';

/**
 * Posts first casts: all that have come in a window go together, in an order drawn for them. Of more than fit, any may have to wait for
 * the next window.
 *
 * @returns how many were sent
 */
export async function sendFirsts(posting: Posting): Promise<number> {
  let sent = 0;
  for (const poll of posting.followed.facts().polls.keys()) {
    const waiting = await drawFirsts(posting.store, poll, IN_FLIGHT * capacityOf(posting, poll));
    sent += await sendUpdates(posting, poll, waiting);
  }
  return sent;
}
