import { stageAt } from './pace.ts';
import type { Posting } from './posting.ts';
import type { RoundPlan } from './rounds.ts';
import { followPlan, planRound, slotsLeft } from './rounds.ts';
import { readFollowedTime, readVotingTime } from './voting-time.ts';

/** Milliseconds after which a plan that is done is made again, for slots that it did not reach. */
const REPLAN = 5_000;

/** One look at the round, to be taken again and again: makes the plan of a stage when it begins, and does what is due. */
export function roundWork(posting: Posting): () => Promise<void> {
  let plan: RoundPlan | undefined;
  let planned = -Infinity;
  return async () => {
    const now = await readVotingTime(posting);
    if (now === undefined) return;
    const { time, times, round } = now;
    const stage = stageAt(round, time);
    const isCurrent = plan?.round === round.round && plan.stage === stage && plan.endsAt === round.endsAt;
    const isDone = plan === undefined || slotsLeft(plan) === 0;
    if (!isCurrent || (isDone && performance.now() - planned > REPLAN)) {
      // What the round before did must be known: its last blocks may be unread.
      if ((await readFollowedTime(posting)) < round.startsAt) return;
      plan = await planRound(posting, times, time);
      planned = performance.now();
    }
    const sent = plan === undefined ? 0 : await followPlan(posting, plan, round, time);
    if (sent > 0) posting.note('sent/laters', { sent });
  };
}
