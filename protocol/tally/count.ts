import { UrnaError, at } from '../errors.ts';
import type { Point } from '../math/curve.ts';
import type { CountSearch, SearchProgress } from './search/find-counts.ts';

/**
 * The counts of a unit from its plain sums: two options a lane (SPEC §12.4).
 *
 * @param bounds - `max[i]·nonEmpty` of each option
 * @throws `tally/not-found` if a lane has no counts within bounds: then a decryption or a sum is wrong
 */
export function findUnitCounts(
  plain: readonly Point[],
  bounds: readonly number[],
  search: CountSearch,
  onProgress?: SearchProgress,
): number[] {
  return plain.flatMap((point, lane) => {
    const limits = { first: at(bounds, 2 * lane), second: at(bounds, 2 * lane + 1) };
    const report = (done: number): void => onProgress?.((lane + done) / plain.length);
    const pair = search.find(point, limits, report);
    if (pair === undefined) throw new UrnaError('tally/not-found', `lane ${lane} has no counts within its bounds`);
    return [pair.first, pair.second];
  });
}
