import { foldKnownEntries } from '../chain/known-entries.ts';
import { openPosting } from '../chain/session.ts';
import type { PostingSession } from '../chain/session.ts';
import { pollContext, verifiedKeys } from '../ballot/poll-context.ts';
import type { PollContext } from '../ballot/poll-context.ts';
import type { Invocation } from '../frame/invocation.ts';
import { viewSlots } from '../record/slot-book.ts';
import type { SlotsView } from '../record/slot-book.ts';

/** A box at work: the election with every slot as the chain tells it (a city's boxes are services), and the account that posts. */
export interface BoxSession extends PostingSession {
  readonly view: SlotsView;
  /** Context of a poll; made once. @throws `name/poll`, `state/roll` */
  readonly poll: (index: number) => PollContext;
}

/** Opens a box's session. @throws `state/keys`, and the codes of opening chain and key */
export async function openBox(call: Invocation): Promise<BoxSession> {
  const posting = await openPosting(call);
  const { election } = posting;
  const view = await foldKnownEntries(call, election, (entries) => viewSlots(election, entries, () => true));
  const keys = verifiedKeys(election, view);
  const contexts = new Map<number, PollContext>();
  const poll = (index: number): PollContext => {
    const context = contexts.get(index) ?? pollContext(election, view, keys, index);
    contexts.set(index, context);
    return context;
  };
  return { ...posting, view, poll };
}
