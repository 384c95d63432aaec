import type { Check } from './check.ts';
import { judgedUpdates } from './replay/replay.ts';
import { roundAt } from './replay/timeline.ts';

/** Check 13: no slot is updated twice in a round, and senders keep to their turn (SPEC §9, §15). */
export const roundsCheck: Check = {
  number: 13,
  begin(replay, findings) {
    return {
      take(entry) {
        if (entry.kind !== 'updates') return;
        const round = roundAt(replay.timeline, entry.time)?.round;
        if (round !== undefined && round !== entry.data.round) {
          findings.fail(entry.seq, `the updates are of round ${round}, not ${entry.data.round}`);
        }
        for (const { index, skipped, roundFault } of judgedUpdates(replay, entry)) {
          findings.count();
          if (!skipped && roundFault !== undefined) {
            findings.fail(entry.seq, `update ${index} took effect although ${roundFault}`);
          }
        }
      },
    };
  },
};
