import { unitSums } from '../../../protocol/checks/replay/tally-replay.ts';
import { at, require } from '../../../protocol/errors.ts';
import { timesEight } from '../../../protocol/proofs/eighth.ts';
import { combineDecryptions, countBounds } from '../../../protocol/tally/combine.ts';
import { findUnitCounts } from '../../../protocol/tally/count.ts';
import type { CountSearch } from '../../../protocol/tally/search/find-counts.ts';
import type { CountableView } from '../record/view.ts';

/**
 * The counts of a unit from the first `t` partial decryptions in the record.
 *
 * @throws `incomplete/decryptions` with how many are missing, `tally/not-found`
 */
export function countUnit(
  { replay }: CountableView,
  unit: number,
  search: CountSearch,
  onProgress?: (done: number) => void,
): number[] {
  const { tally, polls, config } = replay;
  const threshold = Number(config.threshold);
  const first = at(tally.units, unit).decryptions.slice(0, threshold);
  const found = `unit ${unit}: ${first.length} partial decryptions are on chain, ${threshold} are needed`;
  require(first.length === threshold, 'incomplete/decryptions', found);
  const sums = unitSums(tally, polls, config, unit);
  const points = first.map(({ trustee, eighths }) => ({ trustee, points: eighths.map(timesEight) }));
  const plain = combineDecryptions(sums, points, threshold);
  const { rule } = at(config.contests, at(tally.places, unit).contest);
  return findUnitCounts(plain, countBounds(rule.max.map(Number), sums.nonEmpty), search, onProgress);
}
