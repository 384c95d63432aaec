import { polls } from '../../../../protocol/definition/polls.ts';
import { UrnaError } from '../../../../protocol/errors.ts';
import type { Fate } from '../../../http/ballot-box.ts';
import { boxOf, fetchFate } from '../../../http/ballot-box.ts';
import { decodeKeptReceipt } from '../../../http/kept-receipt.ts';
import { parseServerUrl } from '../../../http/server-url.ts';
import type { ServerUrl } from '../../../http/server-url.ts';
import type { ElectionView } from '../../service/election-view.ts';
import { boxesOf } from '../ballot/errands.ts';

/** A ballot that a receipt or tracker names, as its box tells of it. */
export interface FoundBallot {
  readonly fate: Fate;
  /** What the box has signed; undefined where only the tracker was given. */
  readonly promised:
    { readonly box: string; readonly contest: number; readonly round: number; readonly by: number } | undefined;
}

/** What finding a ballot takes of an election. */
type FindView = Pick<ElectionView, 'definition' | 'context' | 'services'>;

/**
 * Asks what became of a ballot. A receipt is believed only if a box of this election has signed it; its box is asked where the service says
 * that it is. A tracker alone names no box: all are asked.
 *
 * @param text - a kept receipt, or the 32 digits of a tracker
 * @throws `receipt/*`, `boxes/none`, `not-found/tracker` if no box knows the tracker, `server/*`
 */
export async function findBallot(view: FindView, text: string): Promise<FoundBallot> {
  const tracker = text.trim().toLowerCase();
  if (/^[0-9a-f]{32}$/u.test(tracker)) return { fate: await askAll(boxesOf(view), tracker), promised: undefined };
  const { server, promise } = read(text);
  const box = boxOf(view.definition, view.context, promise);
  const { contest } = polls(view.definition)[promise.poll] ?? {};
  if (contest === undefined) throw new UrnaError('receipt/statement', 'the receipt is for a poll that there is not');
  const named = view.services[box];
  const fate = await fetchFate(named === undefined ? server : parseServerUrl(named), promise.tracker);
  return { fate, promised: { box, contest, round: promise.round, by: promise.by } };
}

/** Whatever else is wrong with the text: it is no receipt. */
function read(text: string): ReturnType<typeof decodeKeptReceipt> {
  try {
    return decodeKeptReceipt(text.trim());
  } catch (error) {
    if (error instanceof UrnaError && error.code === 'receipt/signature') throw error;
    throw new UrnaError('receipt/shape', 'not a kept receipt of a ballot box');
  }
}

/** What the first box that knows a tracker says. @throws what a box that could not be asked says, else `not-found/…` */
async function askAll(boxes: readonly ServerUrl[], tracker: string): Promise<Fate> {
  let failure: unknown;
  for (const box of boxes) {
    try {
      return await fetchFate(box, tracker);
    } catch (error) {
      const isUnknown = error instanceof UrnaError && error.code.startsWith('not-found/');
      if (failure === undefined || !isUnknown) failure = error;
    }
  }
  throw failure;
}
