import { decodeWord } from '../encoding.ts';
import type { EntryOf } from '../record/entry.ts';
import type { Check, Findings } from './check.ts';
import type { Replay } from './replay/replay.ts';
import { judgedUpdates } from './replay/replay.ts';
import { mergedTotals } from './replay/tally-replay.ts';

/** Check 12: slot chains, skipped entries and non-empty slots follow from the updates (SPEC §9, §11, §15). */
export const slotsCheck: Check = {
  number: 12,
  begin(replay, findings) {
    return {
      take(entry) {
        if (entry.kind === 'updates') takeUpdates(replay, entry, findings);
        if (entry.kind === 'aggregate') takeAggregate(replay, entry, findings);
      },
      after(entry) {
        if (entry.kind !== 'updates') return;
        const poll = replay.polls.get(entry.data.poll);
        if (poll !== undefined && poll.slots.size !== entry.data.nonEmpty) {
          findings.fail(entry.seq, `the poll has ${poll.slots.size} occupied slots, not ${entry.data.nonEmpty}`);
        }
      },
    };
  },
};

function takeUpdates(replay: Replay, entry: EntryOf<'updates'>, findings: Findings): void {
  const updates = judgedUpdates(replay, entry);
  if (updates === undefined) return findings.fail(entry.seq, 'updates of a poll that was never made ready');
  findings.count(updates.length);
  for (const { index, skipped, stateFault, roundFault } of updates) {
    if (!skipped && stateFault !== undefined) {
      findings.fail(entry.seq, `update ${index} took effect although ${stateFault}`);
    }
    if (skipped && stateFault === undefined && roundFault === undefined) {
      findings.fail(entry.seq, `update ${index} was left out without a reason`);
    }
  }
  if (decodeWord(entry.data.skipped) >> BigInt(updates.length) !== 0n) {
    findings.fail(entry.seq, 'more updates are left out than were sent');
  }
}

/** Counts of occupied slots when districts are added, merged as the record says: whether it may is for check 15. */
function takeAggregate(replay: Replay, { seq, data }: EntryOf<'aggregate'>, findings: Findings): void {
  const merged = new Set(data.units.filter(({ state }) => state === 'merged').map(({ unit }) => unit));
  for (const totals of mergedTotals(replay.config, replay.polls, data.contest, ({ unit }) => merged.has(unit))) {
    const posted = data.units.find(({ unit }) => unit === totals.unit);
    if (posted !== undefined && posted.nonEmpty !== totals.nonEmpty) {
      findings.fail(seq, `unit ${totals.unit} has ${totals.nonEmpty} occupied slots, not ${posted.nonEmpty}`);
    }
  }
}
