import { lowerHex } from '../../../contracts/client/election.ts';
import type { Round, Timeline } from '../../../protocol/checks/replay/timeline.ts';
import { roundAt } from '../../../protocol/checks/replay/timeline.ts';
import { decodeWord } from '../../../protocol/encoding.ts';
import { at } from '../../../protocol/errors.ts';
import type { OpenSlot } from '../masks/lay-masks.ts';
import { layMasks } from '../masks/lay-masks.ts';
import { drawLaters, notSent } from '../store/waiting.ts';
import { orderDueSlots } from './due-slots.ts';
import type { Stage, Stretch } from './pace.ts';
import { dueBy, partSize, stageAt, stretchOf, votesAlone } from './pace.ts';
import type { Posting } from './posting.ts';
import { capacityOf, sendUpdates } from './send-batch.ts';
import type { SlotOrder } from './slot-order.ts';
import type { VotingTime } from './voting-time.ts';

/** What a box does for one poll in a stage of a round. */
interface PollPlan {
  readonly poll: number;
  readonly order: SlotOrder;
  readonly total: number;
  readonly stretch: Stretch;
}

/** What a box does in a stage of a round. Made once, and again when it is done: what did not work out stands in the next one. */
export interface RoundPlan {
  readonly round: number;
  readonly stage: Stage;
  readonly endsAt: number;
  readonly polls: readonly PollPlan[];
}

/** The plan of the stage at `time`; undefined outside rounds or while roll and keys are not final. */
export async function planRound(posting: Posting, times: Timeline, time: number): Promise<RoundPlan | undefined> {
  const { store, followed, config, sender, random } = posting;
  const round = roundAt(times, time);
  const { sealed, polls } = followed.facts();
  if (round === undefined || sealed === null) return undefined;
  const stage = stageAt(round, time);
  const turn = {
    ...{ round: round.round, stage, boxes: config.boxes.length },
    box: config.boxes.indexOf(lowerHex(sender.account.address)),
    sealedRootsHash: decodeWord(sealed.rootsHash),
  };
  const plans: PollPlan[] = [];
  for (const poll of polls.keys()) {
    if (!at(polls, poll).ready) continue;
    const order = await orderDueSlots(store, poll, turn, random);
    plans.push({ poll, order, total: order.left, stretch: stretchOf(round, stage, time) });
  }
  return { round: round.round, stage, endsAt: round.endsAt, polls: plans.filter(({ total }) => total > 0) };
}

/** Slots of the plan that nobody has been asked for yet. */
export function slotsLeft({ polls }: RoundPlan): number {
  return polls.reduce((sum, { order }) => sum + order.left, 0);
}

/**
 * Posts for the slots of a plan that are due: a vote that waits, or else the mask made for it.
 *
 * @returns how many updates were sent
 */
export async function followPlan(posting: Posting, plan: RoundPlan, round: Round, time: number): Promise<number> {
  let sent = 0;
  for (const { poll, order, total, stretch } of plan.polls) {
    const part = Math.min(partSize(total, capacityOf(posting, poll)), order.left);
    const due = dueBy(total, stretch, time) - (total - order.left);
    if (part === 0 || due < part) continue;
    sent += await updateSlots(posting, poll, round, order.take(part));
    if (posting.signal.aborted) break;
  }
  return sent;
}

/** Waiting votes of all polls, without masks around them (end of the last round). */
export async function sendVotesAlone(
  posting: Posting,
  { times: { rounds }, round, time }: VotingTime,
): Promise<number> {
  if (!votesAlone(round, round.round === rounds.length - 1, time)) return 0;
  let sent = 0;
  for (const poll of posting.followed.facts().polls.keys()) {
    const waiting = await drawLaters(posting.store, poll, capacityOf(posting, poll));
    sent += await sendOpen(
      posting,
      poll,
      round,
      waiting.map(({ slot }) => slot),
    );
  }
  return sent;
}

/**
 * One part of a round. All that is done here is done for every slot alike, whatever waits for it: what was posted when, in which batch and beside
 * what then says nothing about who has changed a vote (SPEC §17.2). A vote takes its mask's place up to the moment in which {@link sendUpdates} claims it.
 */
async function updateSlots(posting: Posting, poll: number, round: Round, named: readonly bigint[]): Promise<number> {
  const { store, proveMask, findPoll, followed } = posting;
  const found = findPoll(followed.facts(), poll);
  if (found === undefined) return 0;
  const open = await openSlots(posting, poll, round, [...new Set(named)]);
  if (open.length === 0) return 0;
  await layMasks(store, found, proveMask, round, open);
  return sendOpen(
    posting,
    poll,
    round,
    open.map(({ slot }) => slot),
  );
}

/** Sends what waits for these slots, unless somebody has updated them in this round. */
async function sendOpen(posting: Posting, poll: number, round: Round, slots: readonly bigint[]): Promise<number> {
  const open = await openSlots(posting, poll, round, slots);
  return sendUpdates(
    posting,
    poll,
    open.map(({ slot }) => ({ slot, first: false })),
  );
}

/** Those of the slots that still want an update in this round, with their states. */
async function openSlots(
  { followed, store }: Posting,
  poll: number,
  { round }: Round,
  slots: readonly bigint[],
): Promise<OpenSlot[]> {
  const states = await Promise.all(slots.map((slot) => followed.slot(poll, slot)));
  const open = slots.flatMap((slot, i) => {
    const state = states[i];
    return state === undefined || state.round === round ? [] : [{ slot, state }];
  });
  return notSent(store, poll, open);
}
