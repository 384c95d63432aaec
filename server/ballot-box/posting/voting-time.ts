import { readBlockTime } from '../../../contracts/client/block-time.ts';
import { asking } from '../../../contracts/client/connection.ts';
import type { Round, Timeline } from '../../../protocol/checks/replay/timeline.ts';
import { roundAt, timeline } from '../../../protocol/checks/replay/timeline.ts';
import { drawFirsts, drawLaters, markReturned } from '../store/waiting.ts';
import type { Posting } from './posting.ts';

/** A moment at which a box may post. */
export interface VotingTime {
  /** Block time, Unix seconds. */
  readonly time: number;
  readonly times: Timeline;
  readonly round: Round;
}

/** The moment it is on the chain; undefined while a box has nothing to post. @throws `chain/unreachable` */
export async function readVotingTime({ config, followed, at }: Posting): Promise<VotingTime | undefined> {
  const { sealed, cancelled, extensions } = followed.facts();
  if (sealed === null || cancelled) return undefined;
  const time = await readBlockTime(at.connection);
  const times = timeline(config, extensions);
  const round = roundAt(times, time);
  return round === undefined ? undefined : { time, times, round };
}

/**
 * Block time, Unix seconds, up to which the cache holds all that will ever have happened: that of the last block it has read, or the chain's
 * own where there is no block beyond. @throws `chain/unreachable`
 */
export async function readFollowedTime({ at: { connection }, followed }: Posting): Promise<number> {
  const read = followed.next() - 1;
  if (read < 0) return 0;
  const time = await readBlockTime(connection);
  const { number, timestamp } = await asking(connection.rpc.getBlock());
  if (Number(number) <= read) return Math.max(time, Number(timestamp));
  return Number((await asking(connection.rpc.getBlock({ blockNumber: BigInt(read) }))).timestamp);
}

/** Updates returned in one step. */
const PART = 500;

/**
 * Once no extension can open the vote again, or the election is cancelled, what still waits will never be counted: it is returned, so that nobody goes
 * on hoping. @returns how many were
 */
export async function returnTooLate(posting: Posting): Promise<number> {
  const { store, lease, config, followed } = posting;
  const { cancelled, extensions, polls } = followed.facts();
  if (!cancelled && (await readFollowedTime(posting)) < timeline(config, extensions).settledAt) return 0;
  const code = cancelled ? 'state/cancelled' : 'state/closed';
  let returned = 0;
  for (const poll of polls.keys()) {
    const waiting = [...(await drawFirsts(store, poll, PART)), ...(await drawLaters(store, poll, PART))];
    if (waiting.length === 0) continue;
    await markReturned(
      store,
      lease,
      waiting.map(({ tracker }) => tracker),
      code,
    );
    returned += waiting.length;
  }
  return returned;
}
