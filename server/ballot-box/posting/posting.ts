import type { ElectionAt } from '../../../contracts/client/election.ts';
import type { Sender } from '../../../contracts/client/transact.ts';
import type { Config } from '../../../protocol/config/config.ts';
import type { RandomBytes } from '../../../protocol/random.ts';
import type { FollowedElection } from '../followed/cache.ts';
import type { FindPoll } from '../followed/polls.ts';
import type { ProveMask } from '../masks/lay-masks.ts';
import type { BoxStore } from '../store/box-store.ts';
import type { Lease } from '../store/lease.ts';

/** What posting for a box takes. */
export interface PostingParts {
  readonly store: BoxStore;
  readonly followed: FollowedElection;
  readonly at: ElectionAt;
  readonly config: Config;
  /** The box's account. */
  readonly sender: Sender;
  readonly findPoll: FindPoll;
  readonly proveMask: ProveMask;
  readonly random: RandomBytes;
  /** Length of the windows in which first casts are collected and shuffled. */
  readonly windowSeconds: number;
  /** Told codes and counts, never whose. */
  readonly note: (code: string, counts?: Readonly<Record<string, number>>) => void;
}

/** {@link PostingParts} in the hands of the one process that posts. */
export interface Posting extends PostingParts {
  readonly lease: Lease;
  /** Aborted when the lease is lost or the process ends. */
  readonly signal: AbortSignal;
  /** Batches go out one after the other, each with the account's next number. */
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>;
}

/** Work that is done one after the other in the order in which it came. */
export function takeTurns(): Posting['inTurn'] {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const own = last.then(work);
    // Whoever asked for the work is told of its failure by `own`; the next in turn must not be.
    last = own.catch(() => undefined);
    return own;
  };
}
