import type { ElectionDomain } from '../../../../protocol/acts/typed-data.ts';
import type { Config } from '../../../../protocol/config/config.ts';
import { wordHex } from '../../../../protocol/encoding.ts';
import { at } from '../../../../protocol/errors.ts';
import { encodePoint } from '../../../../protocol/math/curve.ts';
import type { EntryData } from '../../../../protocol/record/entry.ts';
import { resultHash } from '../../../../protocol/tally/combine.ts';
import { makeDecryption } from '../../../../protocol/tally/decryption.ts';
import type { AggregatedUnit } from '../../../../protocol/tally/units.ts';
import { aggregateUnits } from '../../../../protocol/tally/units.ts';
import type { CeremonyOutcome } from './ceremony.ts';
import type { Ledger } from './ledger.ts';
import { NO_ACT, UNSIGNED, post } from './ledger.ts';
import { stream } from './random.ts';
import type { WorldPoll } from './voting.ts';

/** Trustees in the order in which they post; the threshold is two, so the last one changes nothing. */
const POSTING = [3, 1, 2] as const;

type RecordedUnit = EntryData<'aggregate'>['units'][number];

function recorded({ unit, state, nonEmpty, R, C }: AggregatedUnit): RecordedUnit {
  return { unit, state, nonEmpty, r: encodePoint(R), c: C.map(encodePoint) };
}

/** Aggregates every contest. @returns all units in order */
function aggregate(ledger: Ledger, config: Config, polls: readonly WorldPoll[]): AggregatedUnit[] {
  return config.contests.flatMap(({ lanes, withholdSmall }, contest) => {
    const inputs = config.units.flatMap((unit, index) => {
      if (unit.contest !== contest) return [];
      const own = polls.filter(({ poll }) => at(config.polls, poll).unit === index);
      const sums = own.map(({ slots, sums: { R, C } }) => ({ nonEmpty: slots.size, R, C }));
      return [{ unit: index, mergeInto: unit.mergeInto === 0 ? null : unit.mergeInto - 1, polls: sums }];
    });
    const onSmall = withholdSmall ? 'withhold' : 'decrypt';
    const units = aggregateUnits(inputs, { minAnonymitySet: Number(config.minAnonymitySet), onSmall, lanes });
    post(ledger, 'aggregate', { contest, units: units.map(recorded) });
    return units;
  });
}

/** Anchors the record, aggregates, decrypts, counts and certifies. @param votes - the known counts of the units to be decrypted */
export function count(
  ledger: Ledger,
  config: Config,
  domain: ElectionDomain,
  polls: readonly WorldPoll[],
  { keys, shares }: CeremonyOutcome,
  votes: ReadonlyMap<number, readonly number[]>,
): void {
  // What stands so far, to be filled in and signed once it does.
  post(ledger, 'anchor', { act: NO_ACT, entries: ledger.entries.length, hash: wordHex(0n) });
  const units = aggregate(ledger, config, polls);
  for (const trustee of POSTING) {
    for (const { unit, state, R, C } of units) {
      if (state !== 'open') continue;
      const own = shares.get(trustee)?.shares.slice(0, C.length) ?? [];
      const verification = keys.verificationKeys.get(trustee)?.slice(0, C.length) ?? [];
      const place = { ...domain, unit, trustee };
      const { eighths, proof } = makeDecryption(place, R, own, verification, stream(`decrypt ${unit} ${trustee}`));
      post(ledger, 'decryption', {
        ...{ unit, trustee, points: eighths.map(encodePoint), a: encodePoint(proof.A), b: encodePoint(proof.B) },
        ...{ z: wordHex(proof.z), signature: UNSIGNED },
      });
    }
  }
  const results = units.map(({ unit, state, nonEmpty, C }) => {
    const nothing = Array.from({ length: 2 * C.length }, () => 0);
    return { state, nonEmpty, counts: state === 'open' ? (votes.get(unit) ?? nothing) : nothing };
  });
  results.forEach(({ state, counts }, unit) => {
    if (state === 'open') post(ledger, 'counts', { unit, counts: [...counts] });
  });
  post(ledger, 'certify', { act: NO_ACT, resultHash: wordHex(resultHash(results)) });
}
