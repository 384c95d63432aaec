import type { Definition } from '../../../protocol/definition/definition.ts';
import { units } from '../../../protocol/definition/polls.ts';
import { at, require } from '../../../protocol/errors.ts';
import { wordHex } from '../../../protocol/encoding.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { lanesFor } from '../../../protocol/ballot/rules.ts';
import { resultHash } from '../../../protocol/tally/combine.ts';
import type { UnitState } from '../../../protocol/tally/units.ts';
import type { Summary } from '../store/summary.ts';

/** A unit of the result, with the members of `urna tally result`. */
export interface ResultUnit {
  readonly contest: string;
  readonly unit: string;
  readonly state: UnitState;
  /** Members of the rolls of the unit's own districts. */
  readonly members: number;
  /** Voters that the definition names for them. */
  readonly voters: number;
  /** Non-empty slots, those of merged units included. */
  readonly ballots: number;
  readonly counts: Readonly<Record<string, number>>;
}

/** The result of an election, provisional until it is certified. */
export interface Results {
  readonly certified: boolean;
  readonly assurance: Definition['assurance'];
  readonly resultHash: Hex;
  readonly units: readonly ResultUnit[];
}

/** The result as the chain has it. @throws `not-found/results` before every unit has its final state */
export function resultsOf(definition: Definition, summary: Summary): Results {
  const final = units(definition).map(({ index, contest }) => {
    const { state, nonEmpty, counts } = at(summary.units, index);
    const isFinal = state !== undefined && (state !== 'open' || counts !== undefined);
    require(isFinal, 'not-found/results', 'nothing is counted yet: results are published when every unit has its final state');
    const lanes = lanesFor(at(definition.contests, contest).options.length);
    const nothing = Array.from({ length: 2 * lanes }, () => 0);
    return { state, nonEmpty, counts: state === 'open' ? (counts ?? nothing) : nothing };
  });
  return {
    certified: summary.resultHash !== null,
    assurance: definition.assurance,
    resultHash: wordHex(resultHash(final)),
    units: units(definition).map(({ index, contest: number, id, districts }) => {
      const contest = at(definition.contests, number);
      const { state, nonEmpty, counts } = at(final, index);
      const sum = (of: (district: number) => number): number => districts.reduce((total, each) => total + of(each), 0);
      return {
        ...{ contest: contest.id, unit: id, state, ballots: nonEmpty },
        members: sum((district) => summary.newestRoll?.members[district] ?? 0),
        voters: sum((district) => at(definition.districts, district).voters),
        counts: Object.fromEntries(contest.options.map((option, i) => [option.id, at(counts, i)])),
      };
    }),
  };
}
