import { knownEntries } from '../chain/known-entries.ts';
import { openPosting } from '../chain/session.ts';
import type { PostingSession } from '../chain/session.ts';
import { pollContext, verifiedKeys } from '../ballot/poll-context.ts';
import type { PollContext } from '../ballot/poll-context.ts';
import type { Invocation } from '../frame/invocation.ts';
import { viewElection } from '../record/view.ts';
import type { ElectionView } from '../record/view.ts';

/** A box at work: the election as the chain tells it, and the account that posts. */
export interface BoxSession extends PostingSession {
  readonly view: ElectionView;
  /** Context of a poll; made once. @throws `name/poll`, `state/roll` */
  readonly poll: (index: number) => PollContext;
}

/** Opens a box's session. @throws `state/keys`, and the codes of opening chain and key */
export async function openBox(call: Invocation): Promise<BoxSession> {
  const posting = await openPosting(call);
  const view = await viewElection(posting.election, knownEntries(call, posting.election));
  const keys = verifiedKeys(posting.election, view);
  const contexts = new Map<number, PollContext>();
  const poll = (index: number): PollContext => {
    const context = contexts.get(index) ?? pollContext(posting.election, view, keys, index);
    contexts.set(index, context);
    return context;
  };
  return { ...posting, view, poll };
}
