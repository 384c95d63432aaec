import type { Round } from '../../../protocol/checks/replay/timeline.ts';

/** A stretch of block time, Unix seconds. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** Parts of a round: by then a box has posted for its own slots, and for those that others have left. The rest is reserve. */
const OWN_UNTIL = 0.7;
const OTHERS_FROM = 0.75;
const OTHERS_UNTIL = 0.93;
/** From here on a vote no longer waits for masks to cover it, in the last round: better uncovered than uncounted. */
const VOTES_ALONE_FROM = 0.85;

/** What a box does in a part of a round (DESIGN §2.5): its own slots, then everybody's that are left. */
export type Stage = 'own' | 'others';

/** The stage at `time`. The contract lets other boxes post in the last quarter (SPEC §11.3). */
export function stageAt({ startsAt, endsAt }: Round, time: number): Stage {
  return time - startsAt >= OTHERS_FROM * (endsAt - startsAt) ? 'others' : 'own';
}

/** When the slots of a stage are posted for, begun at `now`. What is late is due at once. */
export function stretchOf({ startsAt, endsAt }: Round, stage: Stage, now: number): Stretch {
  const length = endsAt - startsAt;
  const to = startsAt + (stage === 'own' ? OWN_UNTIL : OTHERS_UNTIL) * length;
  return { from: Math.min(now, to), to };
}

/** How many of `total` slots are due by `now` if they are spread evenly over a stretch. */
export function dueBy(total: number, { from, to }: Stretch, now: number): number {
  if (now >= to || from >= to) return total;
  return Math.floor((total * Math.max(0, now - from)) / (to - from));
}

/** Slots of a poll that are posted together: as many as a transaction holds, but never a whole poll at once. */
export function partSize(total: number, capacity: number): number {
  return Math.min(capacity, Math.max(1, Math.ceil(total / 8)));
}

/** Whether votes go out without the masks that should surround them: at the end of the last round there is no later one. */
export function votesAlone({ startsAt, endsAt }: Round, isLast: boolean, time: number): boolean {
  return isLast && time - startsAt >= VOTES_ALONE_FROM * (endsAt - startsAt);
}
