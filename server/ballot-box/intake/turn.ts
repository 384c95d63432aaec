import type { Posting } from '../../../protocol/checks/replay/ballots-replay.ts';
import { boxOfSlot } from '../../../protocol/checks/replay/ballots-replay.ts';
import { roundAt } from '../../../protocol/checks/replay/timeline.ts';
import { UrnaError, at, require } from '../../../protocol/errors.ts';

/** When a box posts an update. */
export interface Turn {
  readonly round: number;
  /** Block time, Unix seconds. */
  readonly by: number;
}

/** A first cast goes out at once. @param promise - seconds in which a box gets one onto the chain */
export function firstTurn({ timeline }: Posting, time: number, promise: number): Turn {
  const round = roundAt(timeline, time);
  require(round !== undefined, 'state/time', 'voting is not open');
  return { round: round.round, by: Math.min(time + promise, timeline.graceEndsAt) };
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
