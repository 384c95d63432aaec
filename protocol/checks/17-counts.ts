import { at } from '../errors.ts';
import { timesEight } from '../proofs/eighth.ts';
import type { EntryOf } from '../record/entry.ts';
import { combineDecryptions, countBounds, countsHold } from '../tally/combine.ts';
import type { Check, Findings } from './check.ts';
import type { Replay } from './replay/replay.ts';
import { unitSums } from './replay/tally-replay.ts';

/** Check 17: counts are within bounds and what the unit's sums decrypt to (SPEC §12.4, §15). */
export const countsCheck: Check = {
  number: 17,
  begin(replay, findings) {
    return {
      take(entry) {
        if (entry.kind !== 'counts') return;
        findings.count();
        takeCounts(replay, entry, findings);
      },
    };
  },
};

function takeCounts({ tally, polls, config }: Replay, { seq, data }: EntryOf<'counts'>, findings: Findings): void {
  const place = tally.places[data.unit];
  if (place === undefined || at(tally.units, data.unit).state !== 'open') {
    return findings.fail(seq, `unit ${data.unit} is not one to be counted`);
  }
  const replayed = at(tally.units, data.unit);
  if (replayed.counts !== undefined) findings.fail(seq, `unit ${data.unit} is counted a second time`);
  const threshold = Number(config.threshold);
  const first = replayed.decryptions.slice(0, threshold);
  if (first.length < threshold) {
    return findings.fail(seq, `unit ${data.unit} has ${first.length} decryptions, ${threshold} are needed`);
  }
  const sums = unitSums(tally, polls, config, data.unit);
  const points = first.map(({ trustee, eighths }) => ({ trustee, points: eighths.map(timesEight) }));
  const plain = combineDecryptions(sums, points, threshold);
  const bounds = countBounds(at(config.contests, place.contest).rule.max.map(Number), sums.nonEmpty);
  if (!countsHold(data.counts, bounds, plain)) {
    findings.fail(seq, `the counts of unit ${data.unit} are out of bounds or not what its sums contain`);
  }
}
