import { setTimeout as pause } from 'node:timers/promises';
import { UrnaError } from '../../../protocol/errors.ts';
import { isRedisLost } from '../../frame/redis.ts';
import { KEYS } from '../store/keys.ts';
import type { Lease } from '../store/lease.ts';
import { dropLease, renewLease, takeLease } from '../store/lease.ts';
import { noteSent } from '../store/throughput.ts';
import { sendFirsts } from './firsts.ts';
import type { Posting, PostingParts } from './posting.ts';
import { takeTurns } from './posting.ts';
import { roundWork } from './round-work.ts';
import { sendVotesAlone } from './rounds.ts';
import { recoverOutbox, settleOutbox } from './settle-outbox.ts';
import { readVotingTime, returnTooLate } from './voting-time.ts';

/** Milliseconds for which a process may be silent before another posts in its place, and between two signs of life. */
const LEASE = 8_000;
const RENEWAL = 2_000;
/** Milliseconds between two looks at what is to be done. */
const TICK = 500;

/** Posts for a box until `signal` is aborted: one process at a time, whichever holds the lease. Never rejects. */
export async function postForever(parts: PostingParts, signal: AbortSignal): Promise<void> {
  await forever(parts, signal, TICK, async () => {
    const lease = await takeLease(parts.store, LEASE);
    if (lease !== undefined) await postUnder(parts, lease, signal);
  });
}

async function postUnder(parts: PostingParts, lease: Lease, ended: AbortSignal): Promise<void> {
  const lost = new AbortController();
  const signal = AbortSignal.any([ended, lost.signal]);
  const posting: Posting = { ...parts, lease, signal, inTurn: takeTurns() };
  let recovered = false;
  const loseIt = (error: unknown): void => {
    if (error instanceof UrnaError && error.code === 'state/lease') lost.abort();
    // Whether the store did what it was asked last is not known.
    if (isRedisLost(error)) recovered = false;
  };
  const loop = (milliseconds: number, work: () => Promise<void>): Promise<void> =>
    forever(posting, signal, milliseconds, () =>
      work().catch((error: unknown) => (loseIt(error), Promise.reject(error as Error))),
    );
  const keep = loop(RENEWAL, async () => {
    if (!(await renewLease(parts.store, lease, LEASE))) lost.abort();
  });
  parts.note('lease/taken');
  const settle = loop(TICK, async () => {
    const recover = async (): Promise<void> => {
      await recoverOutbox(posting);
      recovered = true;
    };
    if (!recovered) await posting.inTurn(recover);
    if (!(await isReadingAgain(posting))) await settleOutbox(posting);
  });
  const work = (each: () => Promise<void>) => async (): Promise<void> => {
    if (recovered && !(await isReadingAgain(posting))) await each();
  };
  const firsts = loop(parts.windowSeconds * 1000, work(firstsWork(posting)));
  const rounds = loop(TICK, work(roundWork(posting)));
  await Promise.all([keep, settle, firsts, rounds]);
  // If Redis is away now, the lease ends by itself: only whoever posts next waits longer.
  await dropLease(parts.store, lease).catch(() => parts.note('busy/store'));
}

/** What does not wait for masks, to be done once a window. */
function firstsWork(posting: Posting): () => Promise<void> {
  const measure = measuredSending(posting);
  return async () => {
    const now = await readVotingTime(posting);
    if (now === undefined) {
      const returned = await returnTooLate(posting);
      if (returned > 0) posting.note('state/closed', { returned });
      return;
    }
    const { sent, left } = await sendFirsts(posting, now);
    await measure(sent, left);
    // Here, beside the rounds' work, which may be waiting for masks.
    const alone = await sendVotesAlone(posting, now);
    if (sent + alone > 0) posting.note('sent/firsts', { sent, alone });
  };
}

/** Takes the time of sending from window to window while there is more than fits: with little to send it is no measure. */
function measuredSending({ store, lease }: Posting): (sent: number, left: number) => Promise<void> {
  let since: number | undefined;
  return async (sent, left) => {
    const now = performance.now();
    if (since !== undefined) await noteSent(store, lease, sent, now - since);
    since = left > 0 ? now : undefined;
  };
}

/** After a reorganisation the cache is behind what was promised: nothing is decided by it. */
async function isReadingAgain({ store }: Posting): Promise<boolean> {
  return (await store.redis.exists(KEYS.resync)) === 1;
}

/** Does `work` again and again; what it throws is told by its code, and it is tried again. */
async function forever(
  { note }: Pick<PostingParts, 'note'>,
  signal: AbortSignal,
  milliseconds: number,
  work: () => Promise<void>,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await work();
    } catch (error) {
      note(error instanceof UrnaError ? error.code : isRedisLost(error) ? 'busy/store' : 'internal/posting');
    }
    // The one thing that ends a pause early is the signal, which the loop looks at.
    await pause(milliseconds, undefined, { signal }).catch(() => undefined);
  }
}
