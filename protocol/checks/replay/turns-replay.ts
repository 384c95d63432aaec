import type { Entry } from '../../record/entry.ts';
import type { Hex } from '../../encoding.ts';
import { at } from '../../errors.ts';
import type { JudgedUpdate } from './ballots-replay.ts';
import type { Timeline } from './timeline.ts';

/** How the slots that a box had to update in a round were updated (SPEC §15.6): `due` is the sum of the others. */
export interface BoxTurns {
  /** The box's id in the definition. */
  readonly box: string;
  /** Slots of all polls that were occupied when the round began, and the box's in it. */
  readonly due: number;
  readonly byBox: number;
  readonly byOtherBoxes: number;
  /** By who is no box: their owners, probably. */
  readonly byOthers: number;
  /** Not updated in the round: not yet, where it is not over. */
  readonly missing: number;
}

/** A round that has begun, as far as the record shows; times are Unix seconds. */
export interface RoundTurns {
  readonly round: number;
  readonly startsAt: number;
  readonly endsAt: number;
  readonly over: boolean;
  /** In the definition's order. */
  readonly boxes: readonly BoxTurns[];
}

type Sender = 'byBox' | 'byOtherBoxes' | 'byOthers';
type Updated = Record<Sender, number>;

/**
 * Whose turn it was, round by round. Owned and changed in place by the replay. Sums only, whatever the number of slots: in round `r`
 * a slot's box is `r` further than in round 0 (SPEC §2), so that it is enough to know how many slots began with which.
 */
export interface TurnsReplay {
  readonly boxes: number;
  /** `[round][box]`: slots that ceased to be empty in the round, by their box in round 0. */
  readonly entered: number[][];
  /** `[round][box]`: updates of slots that were due to the box. */
  readonly updated: Updated[][];
  /** Up to when the record tells of the election: the time of its last entry, or of its cancellation. */
  time: number;
  cancelled: boolean;
}

export function startTurns(boxes: number): TurnsReplay {
  return { boxes, entered: [], updated: [], time: 0, cancelled: false };
}

/** Notes how far the record goes: nobody has a turn in a cancelled election. */
export function noteTime(turns: TurnsReplay, { kind, time }: Pick<Entry, 'kind' | 'time'>): void {
  if (turns.cancelled) return;
  turns.time = Math.max(turns.time, time);
  turns.cancelled = kind === 'cancel';
}

/** Takes the updates of a batch that took effect. @param boxes - addresses, in the definition's order */
export function noteTurns(
  turns: TurnsReplay,
  updates: readonly JudgedUpdate[],
  round: number,
  sender: Hex,
  boxes: readonly Hex[],
): void {
  const { entered, updated } = turns;
  const from = boxes.indexOf(sender);
  for (const { skipped, updatedIn, firstBox } of updates) {
    if (skipped) continue;
    if (updatedIn === undefined) {
      const counts = (entered[round] ??= Array.from({ length: turns.boxes }, () => 0));
      counts[firstBox] = at(counts, firstBox) + 1;
    } else if (updatedIn < round) {
      const box = (firstBox + round) % turns.boxes;
      const kind: Sender = from === box ? 'byBox' : from >= 0 ? 'byOtherBoxes' : 'byOthers';
      at((updated[round] ??= Array.from({ length: turns.boxes }, noUpdates)), box)[kind] += 1;
    }
  }
}

const noUpdates = (): Updated => ({ byBox: 0, byOtherBoxes: 0, byOthers: 0 });

/** What the record shows of each round that has begun. @param ids - of the boxes, in the definition's order */
export function roundTurns(turns: TurnsReplay, { rounds }: Timeline, ids: readonly string[]): RoundTurns[] {
  const occupied = ids.map(() => 0);
  const all: RoundTurns[] = [];
  for (const { round, startsAt, endsAt } of rounds) {
    const boxes = ids.map((box, i): BoxTurns => {
      const due = at(occupied, (i + round * (ids.length - 1)) % ids.length);
      const { byBox, byOtherBoxes, byOthers } = turns.updated[round]?.[i] ?? noUpdates();
      return { box, due, byBox, byOtherBoxes, byOthers, missing: due - byBox - byOtherBoxes - byOthers };
    });
    if (startsAt <= turns.time) all.push({ round, startsAt, endsAt, over: endsAt <= turns.time, boxes });
    turns.entered[round]?.forEach((count, first) => (occupied[first] = at(occupied, first) + count));
  }
  return all;
}

/** Boxes that left their pattern in rounds that are over: slots of theirs were updated by others, or not at all. */
export function leftTurns(rounds: readonly RoundTurns[]): (BoxTurns & Pick<RoundTurns, 'round'>)[] {
  const over = rounds.filter((each) => each.over);
  return over.flatMap(({ round, boxes }) =>
    boxes.filter(({ byBox, due }) => byBox < due).map((box) => ({ ...box, round })),
  );
}
