import { at } from '../errors.ts';
import type { EntryOf } from '../record/entry.ts';
import type { Check, Findings } from './check.ts';
import type { Replay } from './replay/replay.ts';
import { ruledState } from './replay/tally-replay.ts';

/** Check 15: units are merged, withheld, empty or to be decrypted as the definition's rule says (SPEC §12.2, §15). */
export const unitsCheck: Check = {
  number: 15,
  begin(replay, findings) {
    return {
      take(entry) {
        if (entry.kind === 'aggregate') takeAggregate(replay, entry, findings);
      },
    };
  },
};

function takeAggregate(
  { tally, polls, config }: Replay,
  { seq, data }: EntryOf<'aggregate'>,
  findings: Findings,
): void {
  const seen = new Set<number>();
  for (const { unit, state } of data.units) {
    findings.count();
    const place = tally.places[unit];
    if (place?.contest !== data.contest) {
      findings.fail(seq, `unit ${unit} is none of contest ${data.contest}`);
      continue;
    }
    if (at(tally.units, unit).state !== undefined || seen.has(unit)) {
      findings.fail(seq, `unit ${unit} is aggregated a second time`);
    }
    seen.add(unit);
    const ruled = ruledState(tally, polls, config, unit);
    if (state !== ruled) findings.fail(seq, `unit ${unit} is ${state}, by the definition it is ${ruled}`);
  }
}
