import { at, require } from '../errors.ts';
import type { Point } from '../math/curve.ts';
import { O, sum } from '../math/curve.ts';

/** Encrypted sums with the number of non-empty slots behind them. */
export interface EncryptedSums {
  readonly nonEmpty: number;
  readonly R: Point;
  /** One a lane. */
  readonly C: readonly Point[];
}

/** A unit of one contest with the sums of its districts' polls. */
export interface UnitInput {
  /** Global index (SPEC §2). */
  readonly unit: number;
  /** Global index of the unit that takes this one in when it is too small. */
  readonly mergeInto: number | null;
  readonly polls: readonly EncryptedSums[];
}

/** The contest's rule for units that stay too small. */
export interface SmallUnitRule {
  readonly minAnonymitySet: number;
  readonly onSmall: 'decrypt' | 'withhold';
  readonly lanes: number;
}

/** What becomes of a unit: merged into another, empty (all counts 0), withheld, or open: to be decrypted (SPEC §12.2). */
export type UnitState = 'merged' | 'empty' | 'withheld' | 'open';

/** A unit after merging; a merged one keeps its own sums, which are decrypted only within the other's. */
export interface AggregatedUnit extends EncryptedSums {
  readonly unit: number;
  readonly state: UnitState;
}

/** Sums of sums; of none, `(0, O, O…)`. */
export function addSums(parts: readonly EncryptedSums[], lanes: number): EncryptedSums {
  require(parts.every(({ C }) => C.length === lanes), 'tally/lanes', `sums do not have ${lanes} lanes`);
  if (parts.length === 0) return { nonEmpty: 0, R: O, C: Array.from({ length: lanes }, () => O) };
  return {
    nonEmpty: parts.reduce((total, { nonEmpty }) => total + nonEmpty, 0),
    R: sum(parts.map(({ R }) => R)),
    C: Array.from({ length: lanes }, (_, lane) => sum(parts.map(({ C }) => at(C, lane)))),
  };
}

/**
 * The units of one contest after merging, in the order given (SPEC §12.2). One level: what was merged into a unit stays
 * there, also when the result is still too small.
 *
 * @throws `tally/merge` if a unit merges into itself, into none of the contest, or into one that merges itself
 */
export function aggregateUnits(units: readonly UnitInput[], rule: SmallUnitRule): AggregatedUnit[] {
  const own = units.map(({ polls }) => addSums(polls, rule.lanes));
  const merges = units.map(({ mergeInto }, i) => mergeInto !== null && at(own, i).nonEmpty < rule.minAnonymitySet);
  for (const { unit, mergeInto } of units) {
    if (mergeInto === null) continue;
    const target = units.find((other) => other.unit === mergeInto);
    require(target !== undefined &&
      target.unit !== unit &&
      target.mergeInto === null, 'tally/merge', `unit ${unit} cannot be merged into ${mergeInto}`);
  }
  return units.map(({ unit }, i): AggregatedUnit => {
    if (merges[i] === true) return { unit, state: 'merged', ...at(own, i) };
    const joined = own.filter((_, j) => j === i || (merges[j] === true && at(units, j).mergeInto === unit));
    const total = addSums(joined, rule.lanes);
    return { unit, state: stateOf(total.nonEmpty, rule), ...total };
  });
}

function stateOf(nonEmpty: number, { minAnonymitySet, onSmall }: SmallUnitRule): UnitState {
  if (nonEmpty === 0) return 'empty';
  return nonEmpty < minAnonymitySet && onSmall === 'withhold' ? 'withheld' : 'open';
}
