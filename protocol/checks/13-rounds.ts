import type { Check } from './check.ts';
import { judgedUpdates, updatesFault } from './replay/replay.ts';
import { countedRound } from './replay/timeline.ts';
import type { RoundTurns } from './replay/turns-replay.ts';
import { leftTurns, roundTurns } from './replay/turns-replay.ts';

/** Check 13: no slot is updated twice in a round, and senders keep to their turn (SPEC §9, §15). Boxes that left their pattern are named (§15.6). */
export const roundsCheck: Check = {
  number: 13,
  begin(replay, findings) {
    return {
      take(entry) {
        if (entry.kind !== 'updates' || updatesFault(replay, entry) !== undefined) return;
        const round = countedRound(replay.timeline, entry.time);
        if (round !== entry.data.round) {
          findings.fail(entry.seq, `the updates are of round ${round}, not ${entry.data.round}`);
        }
        for (const { index, skipped, roundFault } of judgedUpdates(replay, entry)) {
          findings.count();
          if (!skipped && roundFault !== undefined) {
            findings.fail(entry.seq, `update ${index} took effect although ${roundFault}`);
          }
        }
      },
      end() {
        const ids = replay.definition.boxes.map(({ id }) => id);
        for (const sentence of patternsLeft(roundTurns(replay.turns, replay.timeline, ids))) findings.note(sentence);
      },
    };
  },
};

/** A sentence for each box and round that is over in which not all slots of the box's turn were updated by it. */
function patternsLeft(rounds: readonly RoundTurns[]): string[] {
  return leftTurns(rounds).map(({ round, box, due, byOtherBoxes, byOthers, missing }) => {
    const ways = [
      [missing, 'were not updated'],
      [byOtherBoxes, 'were updated by other boxes'],
      [byOthers, 'were updated by who is no box'],
    ] as const;
    const told = ways.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
    return `${box} left its pattern in round ${round}: of ${due} slots due to it, ${told.join(', ')}.`;
  });
}
