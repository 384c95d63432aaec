import { countPoint, createCountSearch } from '../../../protocol/tally/search/find-counts.ts';
import type { Row } from '../row.ts';
import { rowAtMost } from '../row.ts';

const BALLOTS = 1_500_000;
/** Counts of four lanes: a plain race, a landslide, nobody, and the last pair that the search reaches. */
const LANES = [
  { first: 700_000, second: 500_000 },
  { first: 1_499_999, second: 1 },
  { first: 0, second: 0 },
  { first: BALLOTS, second: BALLOTS },
];

/** Row `search` (DESIGN §5): the counts of a contest of four lanes with 1.5M ballots, approval rule, on one core. */
export async function rows(): Promise<Row[]> {
  const bounds = { first: BALLOTS, second: BALLOTS };
  const points = LANES.map(countPoint);
  const start = performance.now();
  const search = createCountSearch();
  points.forEach((point, lane) => {
    const found = search.find(point, bounds);
    const wanted = LANES[lane];
    if (found?.first !== wanted?.first || found?.second !== wanted?.second) throw new Error('wrong counts');
  });
  return [rowAtMost('search', (performance.now() - start) / 1000, 's', 60)];
}
