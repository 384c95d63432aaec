import { at, require } from '../errors.ts';
import { hashWords } from '../hash.ts';
import type { Point } from '../math/curve.ts';
import { combinePublic, equalPoints, subtract } from '../math/curve.ts';
import { invert, l, mod } from '../math/field.ts';
import type { CountPair } from './search/find-counts.ts';
import { countPoint } from './search/find-counts.ts';
import type { EncryptedSums, UnitState } from './units.ts';

/** A trustee's decrypted points `D_j` of one unit. */
export interface TrusteePoints {
  readonly trustee: number;
  readonly points: readonly Point[];
}

/**
 * `λ_m = Π_{k≠m} k/(k−m) mod l` of each index: the weights that interpolate at 0 (SPEC §12.4).
 *
 * @throws `tally/indices` if an index is repeated or below 1
 */
export function lagrangeCoefficients(indices: readonly number[]): bigint[] {
  const valid = indices.every((m) => Number.isInteger(m) && m >= 1) && new Set(indices).size === indices.length;
  require(valid && indices.length > 0, 'tally/indices', 'trustee indices must be positive and differ');
  return indices.map((m) => {
    const others = indices.filter((k) => k !== m).map(BigInt);
    const numerator = others.reduce((product, k) => mod(product * k, l), 1n);
    const denominator = others.reduce((product, k) => mod(product * (k - BigInt(m)), l), 1n);
    return mod(numerator * invert(denominator, l), l);
  });
}

/**
 * The plain sums `C_j − Σ λ_m·D_{m,j}` of a unit, one a lane.
 *
 * @param decryptions - exactly `threshold` of them, all proved
 * @throws `tally/threshold`, `tally/lanes`, `tally/indices`
 */
export function combineDecryptions(
  sums: EncryptedSums,
  decryptions: readonly TrusteePoints[],
  threshold: number,
): Point[] {
  require(decryptions.length ===
    threshold, 'tally/threshold', `${threshold} decryptions are needed, got ${decryptions.length}`);
  require(decryptions.every(
    ({ points }) => points.length === sums.C.length,
  ), 'tally/lanes', 'a decryption has another number of lanes');
  const lambda = lagrangeCoefficients(decryptions.map(({ trustee }) => trustee));
  return sums.C.map((C, lane) => {
    const points = decryptions.map((each) => at(each.points, lane));
    return subtract(C, combinePublic(points, lambda));
  });
}

/** `max[i]·nonEmpty` of each option: no honest count is above it, and `(c₀ + 2^32, c₁ − 1)` is. */
export function countBounds(max: readonly number[], nonEmpty: number): number[] {
  return max.map((bound) => bound * nonEmpty);
}

/** True if the counts are within bounds and each lane's point is theirs (SPEC §12.4). @param plain - one a lane */
export function countsHold(counts: readonly number[], bounds: readonly number[], plain: readonly Point[]): boolean {
  if (counts.length !== 2 * plain.length || bounds.length !== counts.length) return false;
  if (counts.some((count, i) => !Number.isSafeInteger(count) || count < 0 || count > at(bounds, i))) return false;
  return plain.every((point, lane) => equalPoints(point, countPoint(pairOf(counts, lane))));
}

/** The two counts of a lane. */
export function pairOf(counts: readonly number[], lane: number): CountPair {
  return { first: at(counts, 2 * lane), second: at(counts, 2 * lane + 1) };
}

/** The final state of a unit; counts are 0 where nothing was decrypted. */
export interface UnitResult {
  readonly state: UnitState;
  readonly nonEmpty: number;
  /** `2·lanes` of them. */
  readonly counts: readonly number[];
}

const STATE_WORDS: Readonly<Record<UnitState, bigint>> = { merged: 1n, empty: 2n, withheld: 3n, open: 4n };

/** `H("result", for each unit: state, nonEmpty, counts…)` (SPEC §12.4). */
export function resultHash(units: readonly UnitResult[]): bigint {
  const words = units.flatMap(({ state, nonEmpty, counts }) => [
    STATE_WORDS[state],
    BigInt(nonEmpty),
    ...counts.map(BigInt),
  ]);
  return hashWords('result', words);
}
