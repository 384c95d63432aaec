import { decodeWord } from '../encoding.ts';
import type { EntryOf } from '../record/entry.ts';
import type { Check, Findings } from './check.ts';
import type { Replay } from './replay/replay.ts';
import { judgedUpdates, updatesFault } from './replay/replay.ts';
import { unitSums } from './replay/tally-replay.ts';

/** Updates that one transaction may hold (SPEC §11). */
const MAX_UPDATES = 200;

/** Check 12: slot chains, skipped entries and non-empty slots follow from the updates (SPEC §9, §11, §15). */
export const slotsCheck: Check = {
  number: 12,
  begin(replay, findings) {
    return {
      take(entry) {
        if (entry.kind === 'updates') takeUpdates(replay, entry, findings);
      },
      after(entry) {
        if (entry.kind === 'aggregate') afterAggregate(replay, entry, findings);
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
  const fault = updatesFault(replay, entry);
  if (fault !== undefined) return findings.fail(entry.seq, fault);
  const updates = judgedUpdates(replay, entry);
  findings.count(updates.length);
  for (const { index, skipped, stateFault, roundFault } of updates) {
    if (!skipped && stateFault !== undefined) {
      findings.fail(entry.seq, `update ${index} took effect although ${stateFault}`);
    }
    if (skipped && stateFault === undefined && roundFault === undefined) {
      findings.fail(entry.seq, `update ${index} was left out without a reason`);
    }
  }
  if (updates.length === 0 || updates.length > MAX_UPDATES) {
    findings.fail(entry.seq, `a batch holds 1 to ${MAX_UPDATES} updates, not ${updates.length}`);
  }
  if (decodeWord(entry.data.skipped) >> BigInt(updates.length) !== 0n) {
    findings.fail(entry.seq, 'more updates are left out than were sent');
  }
}

/** Counts of occupied slots when districts are added, merged as the record says: whether it may is for check 15. */
function afterAggregate({ tally, polls, config }: Replay, entry: EntryOf<'aggregate'>, findings: Findings): void {
  for (const { unit, nonEmpty } of entry.data.units) {
    if (tally.units[unit] === undefined) continue;
    const occupied = unitSums(tally, polls, config, unit).nonEmpty;
    if (nonEmpty !== occupied) findings.fail(entry.seq, `unit ${unit} has ${occupied} occupied slots, not ${nonEmpty}`);
  }
}
