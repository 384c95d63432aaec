import { decodeWord } from '../encoding.ts';
import { at } from '../errors.ts';
import type { EntryOf } from '../record/entry.ts';
import type { UnitResult } from '../tally/combine.ts';
import { resultHash } from '../tally/combine.ts';
import type { Check, Findings } from './check.ts';
import type { Replay } from './replay/replay.ts';
import { unitSums } from './replay/tally-replay.ts';

/** Check 18: the certified result is that of all units' states, turnout and counts (SPEC §12.4, §15). */
export const resultCheck: Check = {
  number: 18,
  begin(replay, findings) {
    return {
      take(entry) {
        if (entry.kind === 'certify') takeCertify(replay, entry, findings);
      },
    };
  },
};

function takeCertify(replay: Replay, { seq, data }: EntryOf<'certify'>, findings: Findings): void {
  const results = unitResults(replay);
  findings.count(results.length);
  const final = results.filter((result) => result !== undefined);
  if (final.length < results.length) {
    return findings.fail(seq, `unit ${results.indexOf(undefined)} has no final state`);
  }
  if (resultHash(final) !== decodeWord(data.resultHash)) {
    findings.fail(seq, 'the certified result is not the one that was counted');
  }
}

/** The units' results in order, as far as they are final. */
export function unitResults({ tally, polls, config }: Replay): (UnitResult | undefined)[] {
  return tally.places.map(({ lanes }, unit) => {
    const { state, counts } = at(tally.units, unit);
    if (state === undefined || (state === 'open' && counts === undefined)) return undefined;
    const nothing = Array.from({ length: 2 * lanes }, () => 0);
    const { nonEmpty } = unitSums(tally, polls, config, unit);
    return { state, nonEmpty, counts: state === 'open' ? (counts ?? nothing) : nothing };
  });
}
