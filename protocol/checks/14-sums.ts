import type { Ciphertext } from '../ballot/ciphertext.ts';
import { ciphertextWords } from '../ballot/ciphertext.ts';
import { concatBytes, decodeNumber, decodeWord, encodeWord } from '../encoding.ts';
import { at } from '../errors.ts';
import { keccak256 } from '../hash.ts';
import { equalPoints } from '../math/curve.ts';
import type { EntryOf } from '../record/entry.ts';
import type { Check, Findings } from './check.ts';
import { readPoint } from './replay/posted-point.ts';
import type { Replay } from './replay/replay.ts';
import { unitSums } from './replay/tally-replay.ts';

/** keccak256 of the words of a poll's sums: `sumsHash` of SPEC §14.1. */
export function sumsHash(sums: Ciphertext): bigint {
  return decodeNumber(keccak256(concatBytes(...ciphertextWords(sums).map(encodeWord))));
}

/** Check 14: encrypted sums, after each batch and of each unit, are those of the slots' ciphertexts (SPEC §11, §12.2, §15). */
export const sumsCheck: Check = {
  number: 14,
  begin(replay, findings) {
    return {
      after(entry) {
        if (entry.kind === 'aggregate') afterAggregate(replay, entry, findings);
        if (entry.kind !== 'updates') return;
        const poll = replay.polls.get(entry.data.poll);
        if (poll === undefined) return;
        findings.count();
        if (sumsHash(poll.sums) !== decodeWord(entry.data.sumsHash)) {
          findings.fail(entry.seq, `the sums of poll ${entry.data.poll} are not those of its ballots`);
        }
      },
    };
  },
};

function afterAggregate({ tally, polls, config }: Replay, entry: EntryOf<'aggregate'>, findings: Findings): void {
  for (const { unit, r, c } of entry.data.units) {
    if (tally.units[unit] === undefined) continue;
    findings.count();
    const sums = unitSums(tally, polls, config, unit);
    const same =
      c.length === sums.C.length &&
      equalPoints(readPoint(r), sums.R) &&
      c.every((point, lane) => equalPoints(readPoint(point), at(sums.C, lane)));
    if (!same) findings.fail(entry.seq, `the sums of unit ${unit} are not those of its ballots`);
  }
}
