import type { Ciphertext } from '../../ballot/ciphertext.ts';
import { emptyCiphertext } from '../../ballot/ciphertext.ts';
import type { Config } from '../../config/config.ts';
import { at } from '../../errors.ts';
import type { Point } from '../../math/curve.ts';
import { sum } from '../../math/curve.ts';
import type { EntryData } from '../../record/entry.ts';
import type { PollReplay } from './ballots-replay.ts';

/** What becomes of a unit (SPEC §12.2). */
export type UnitState = EntryData<'aggregate'>['units'][number]['state'];

/** A unit's slots and sums, as counted from the polls. */
export interface UnitTotals {
  readonly unit: number;
  readonly nonEmpty: number;
  readonly sums: Ciphertext;
}

/** A unit after aggregation: the state that the record gives it, totals recomputed. */
export interface UnitReplay extends UnitTotals {
  readonly contest: number;
  readonly state: UnitState;
  /** Partial decryptions posted, in order; `points` are the eighths of D by lane. */
  readonly decryptions: { readonly trustee: number; readonly points: readonly Point[] }[];
  counts?: readonly number[];
}

/** Units of all aggregated contests, by global index. */
export type TallyReplay = Map<number, UnitReplay>;

/** A unit's own totals: those of its polls; an unready poll has nothing. */
function ownTotals(config: Config, polls: ReadonlyMap<number, PollReplay>, unit: number, lanes: number): UnitTotals {
  const own = config.polls.flatMap((poll, index) => (poll.unit === unit ? (polls.get(index) ?? []) : []));
  return combineTotals(
    unit,
    lanes,
    own.map(({ slots, sums }) => ({ nonEmpty: slots.size, sums })),
  );
}

function combineTotals(
  unit: number,
  lanes: number,
  parts: readonly { readonly nonEmpty: number; readonly sums: Ciphertext }[],
): UnitTotals {
  const all = [{ nonEmpty: 0, sums: emptyCiphertext(lanes) }, ...parts];
  const C = Array.from({ length: lanes }, (_, lane) => sum(all.map(({ sums }) => at(sums.C, lane))));
  return {
    unit,
    nonEmpty: all.reduce((total, { nonEmpty }) => total + nonEmpty, 0),
    sums: { R: sum(all.map(({ sums }) => sums.R)), C },
  };
}

/** Units of a contest by global index. */
export function unitsOf({ units }: Config, contest: number): number[] {
  return units.flatMap((unit, index) => (unit.contest === contest ? [index] : []));
}

/**
 * Totals of a contest's units when the units that `isMerged` names have been added to those that take them in.
 * A unit that was merged away keeps its own totals here.
 */
export function mergedTotals(
  config: Config,
  polls: ReadonlyMap<number, PollReplay>,
  contest: number,
  isMerged: (own: UnitTotals) => boolean,
): UnitTotals[] {
  const { lanes } = at(config.contests, contest);
  const own = unitsOf(config, contest).map((unit) => ownTotals(config, polls, unit, lanes));
  const merged = own.filter(isMerged);
  return own.map((totals) => {
    if (merged.includes(totals)) return totals;
    // `mergeInto` is a unit's index plus one in the configuration, 0 for none.
    const added = merged.filter(({ unit }) => at(config.units, unit).mergeInto === totals.unit + 1);
    return combineTotals(totals.unit, lanes, [totals, ...added]);
  });
}

/** The states that the definition's rule gives a contest's units (SPEC §12.2). */
export function ruledStates(config: Config, polls: ReadonlyMap<number, PollReplay>, contest: number): UnitState[] {
  const minimum = Number(config.minAnonymitySet);
  const { withholdSmall } = at(config.contests, contest);
  const isMerged = ({ unit, nonEmpty }: UnitTotals): boolean =>
    nonEmpty < minimum && at(config.units, unit).mergeInto !== 0;
  const own = mergedTotals(config, polls, contest, () => false);
  return mergedTotals(config, polls, contest, isMerged).map(({ nonEmpty }, i): UnitState => {
    if (isMerged(at(own, i))) return 'merged';
    if (nonEmpty === 0) return 'empty';
    return nonEmpty < minimum && withholdSmall ? 'withheld' : 'open';
  });
}
