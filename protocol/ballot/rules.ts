import { at, require } from '../errors.ts';

/** The rule of a contest (SPEC §8.1); `max` and `price` have 2·lanes entries, those beyond the contest's options 0. */
export interface Rule {
  readonly minTotal: bigint;
  readonly maxTotal: bigint;
  readonly quadratic: boolean;
  readonly distinct: boolean;
  readonly max: readonly bigint[];
  readonly price: readonly bigint[];
}

/** Widths of the circuit (SPEC §10.3). */
export const MAX_VALUE = 1n << 10n;
export const MAX_PRICE = 1n << 32n;
export const MAX_TOTAL = 1n << 32n;
/** Bounds of the count (SPEC §8.2). */
const MAX_COUNT = 1n << 32n;
const MAX_SEARCH = 1n << 48n;

/** Lanes of the circuits there are (SPEC §8.3). */
const LANES = [1, 4, 8] as const;

/** Lanes of the smallest circuit for `options` options: 1, 4 or 8. @throws `rules/options` outside 1 … 16 */
export function lanesFor(options: number): 1 | 4 | 8 {
  require(Number.isInteger(options) && options >= 1, 'rules/options', 'a contest has at least one option');
  const lanes = LANES.find((count) => 2 * count >= options);
  require(lanes !== undefined, 'rules/options', `a contest has at most 16 options, got ${options}`);
  return lanes;
}

/** Name of the circuit with that many lanes, e.g. `ballot-8`. */
export function circuitName(lanes: number): string {
  require((LANES as readonly number[]).includes(lanes), 'rules/lanes', `there is no circuit with ${lanes} lanes`);
  return `ballot-${2 * lanes}`;
}

/**
 * What is wrong with `rule` as a contest of `voters` voters, in the contract's order; undefined if nothing is (SPEC §8.2).
 *
 * @param voters - voters of all districts of the contest together
 */
export function ruleProblem(rule: Rule, lanes: number, voters: number): string | undefined {
  const { max, price, minTotal, maxTotal } = rule;
  if (max.length !== 2 * lanes || price.length !== 2 * lanes) return `max and price need ${2 * lanes} entries`;
  if (maxTotal < 0n || maxTotal >= MAX_TOTAL) return 'maxTotal does not fit 32 bits';
  if (minTotal < 0n || minTotal > maxTotal) return 'minTotal is above maxTotal';
  const wide = max.findIndex((value) => value < 0n || value >= MAX_VALUE);
  if (wide >= 0) return `option ${wide} may have a value above ${MAX_VALUE - 1n}`;
  const dear = price.findIndex((value) => value < 0n || value >= MAX_PRICE);
  if (dear >= 0) return `the price of option ${dear} does not fit 32 bits`;
  const reachable = totalCost(rule, max);
  if (reachable === 0n || reachable < minTotal) return 'no ballot can reach minTotal';
  return countProblem(max, BigInt(voters));
}

/** Counts fit their half of a lane, and the search for them stays feasible. */
function countProblem(max: readonly bigint[], voters: bigint): string | undefined {
  for (let lane = 0; 2 * lane < max.length; lane++) {
    const [low, high] = [at(max, 2 * lane) * voters, at(max, 2 * lane + 1) * voters];
    const fits = low < MAX_COUNT && high < MAX_COUNT && (low + 1n) * (high + 1n) <= MAX_SEARCH;
    if (!fits) return `the counts of options ${2 * lane} and ${2 * lane + 1} cannot be searched for ${voters} voters`;
  }
  return undefined;
}

/** Σ cost of `values` (SPEC §8.1). */
export function totalCost({ quadratic, price }: Rule, values: readonly bigint[]): bigint {
  return values.reduce((total, value, i) => total + (quadratic ? value : at(price, i)) * value, 0n);
}

/**
 * Which part of the rule `values` break, in words for the voter; undefined for a valid vote (SPEC §8.1).
 *
 * @throws `rules/values` unless there are as many values as the rule has places
 */
export function voteProblem(rule: Rule, values: readonly bigint[]): string | undefined {
  require(values.length === rule.max.length, 'rules/values', `a vote has ${rule.max.length} values`);
  const over = values.findIndex((value, i) => value < 0n || value > at(rule.max, i));
  if (over >= 0) return `option ${over} may have 0 to ${at(rule.max, over)}`;
  const total = totalCost(rule, values);
  if (total < rule.minTotal) return `the total is ${total}, at least ${rule.minTotal} is needed`;
  if (total > rule.maxTotal) return `the total is ${total}, at most ${rule.maxTotal} is allowed`;
  const used = values.filter((value) => value !== 0n);
  if (rule.distinct && new Set(used).size < used.length) return 'two options have the same rank';
  return undefined;
}

/** `values` of a contest's options, filled up with 0 for the circuit's unused places. @throws `rules/values` */
export function padValues(rule: Rule, values: readonly bigint[]): bigint[] {
  require(values.length <= rule.max.length, 'rules/values', `a vote has at most ${rule.max.length} values`);
  return Array.from({ length: rule.max.length }, (_, i) => values[i] ?? 0n);
}
