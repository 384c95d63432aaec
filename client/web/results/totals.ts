import type { Contest } from '../../../protocol/definition/definition.ts';
import type { UnitResult } from '../service/results-view.ts';

/** A contest's numbers over units that have counts of their own, and the turnout of all of them. */
export interface Totals {
  readonly counts: Readonly<Record<string, number>>;
  readonly ballots: number;
  readonly members: number;
}

/** Sums the units of one contest. The unit that took a merged one in has its ballots among its own; members are each unit's own. */
export function totalsOf(options: readonly string[], units: readonly UnitResult[]): Totals {
  const sum = (of: (unit: UnitResult) => number): number => units.reduce((total, unit) => total + of(unit), 0);
  return {
    counts: Object.fromEntries(options.map((option) => [option, sum(({ counts }) => counts[option] ?? 0)])),
    ballots: sum(({ state, ballots }) => (state === 'merged' ? 0 : ballots)),
    members: sum(({ members }) => members),
  };
}

/** Blank ballots where a contest has such: each ballot there is for one option or for none. */
export function blanksOf({ preset, params }: Pick<Contest, 'preset' | 'params'>, totals: Totals): number | undefined {
  if (preset !== 'single' || params['blank'] !== true) return undefined;
  return totals.ballots - Object.values(totals.counts).reduce((sum, count) => sum + count, 0);
}
