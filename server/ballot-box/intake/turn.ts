import type { Posting } from '../../../protocol/checks/replay/ballots-replay.ts';
import { boxOfSlot } from '../../../protocol/checks/replay/ballots-replay.ts';
import { roundAt } from '../../../protocol/checks/replay/timeline.ts';
import { UrnaError, at, require } from '../../../protocol/errors.ts';

/** When a box posts an update. */
export interface Turn {
  readonly round: number;
  /** Block time, Unix seconds. */
  readonly by: number;
  /** Seconds for which a first cast is kept back. */
  readonly wait?: number;
}

/**
 * A first cast goes out at once, or, from a box that stands in for another one, when that one has had its time ({@link standInDelay}).
 *
 * @param promise - seconds in which the box gets one onto the chain that it posts at once and that has to wait for no other
 * @param queue - seconds for which those that came before keep chain and box busy
 * @param waitOf - seconds for which the box keeps one of a round back
 * @throws `busy/queue` if those that came before take it until nothing is posted any more
 */
export function firstTurn(
  { timeline }: Posting,
  time: number,
  promise: number,
  queue = 0,
  waitOf: (round: number) => number = () => 0,
): Turn {
  const round = roundAt(timeline, time);
  require(round !== undefined, 'state/time', 'voting is not open');
  const inTime = time + queue < timeline.graceEndsAt;
  require(inTime, 'busy/queue', 'the box has more ballots than it can post in time: try another box, or the chain');
  const wait = waitOf(round.round);
  return { round: round.round, wait, by: Math.min(Math.ceil(time + promise + queue + wait), timeline.graceEndsAt) };
}

/** Windows that a box gives another one to post a first cast before it does: they have to become confirmed blocks in that time. */
const STAND_IN_WINDOWS = 6;

/**
 * Seconds for which a box keeps a first cast back. Voters' clients hand one to two boxes; if both posted it, the chain would skip one, and take its fee.
 * So the slot's box of the round posts at once, the next one after some windows should the first have failed, and so on.
 */
export function standInDelay(
  { boxes, sealedRootsHash }: Pick<Posting, 'boxes' | 'sealedRootsHash'>,
  own: number,
  slot: bigint,
  round: number,
  windowSeconds: number,
): number {
  const rank = (own - boxOfSlot(sealedRootsHash, slot, round, boxes.length) + boxes.length) % boxes.length;
  return rank * STAND_IN_WINDOWS * windowSeconds;
}

/**
 * A later update waits for its slot's turn: this round, or the next where the slot was updated in this one (DESIGN §2.5). The box of that
 * round takes it, and the box of the round after, which posts it should the first fail.
 *
 * @param own - this box's index
 * @param updatedIn - round of the slot's last update
 * @throws `state/closed` if no round is left, `update/other-box` if two other boxes are to have it
 */
export function laterTurn(
  { timeline, boxes, sealedRootsHash }: Posting,
  own: number,
  slot: bigint,
  updatedIn: number,
  time: number,
): Turn {
  const current = roundAt(timeline, time);
  require(current !== undefined, 'state/time', 'voting is not open');
  const round = updatedIn >= current.round ? updatedIn + 1 : current.round;
  const turn = timeline.rounds[round];
  if (turn === undefined)
    throw new UrnaError('state/closed', 'no round is left in which this slot could be updated once more');
  const takers = [round, round + 1].map((each) => boxOfSlot(sealedRootsHash, slot, each, boxes.length));
  require(takers.includes(
    own,
  ), 'update/other-box', `hand it to box ${[...new Set(takers)].join(' or ')} of the definition`);
  return { round, by: at(timeline.rounds, round).endsAt };
}
