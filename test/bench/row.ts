/** One measured number of DESIGN §5: `npm run bench -- --json` prints a list of these. */
export interface Row {
  /** Name of the bench row, e.g. `gas-update/first`. */
  readonly name: string;
  /** What was measured, in `unit`; the median where there are several samples. */
  readonly value: number;
  readonly unit: string;
  /** The same quantity of something real, measured in this run or published; null where there is none. */
  readonly reference: number | null;
  /** value / reference, or null without a reference. */
  readonly ratio: number | null;
  /** What DESIGN §5 asks, e.g. `≤ 11400` or `ratio ≤ 1.5`. */
  readonly target: string;
  /** Whether the target holds; null for a row that is only reported. */
  readonly met: boolean | null;
  /** How many times it was measured. */
  readonly samples: number;
}

/** A row whose value must not exceed `limit`. */
export function rowAtMost(
  name: string,
  value: number,
  unit: string,
  limit: number,
  reference: number | null = null,
  samples = 1,
): Row {
  const ratio = reference === null ? null : value / reference;
  return { name, value, unit, reference, ratio, target: `≤ ${limit}`, met: value <= limit, samples };
}

/** A row whose ratio to a reference measured in the same run must not exceed `limit`. */
export function rowRatioAtMost(
  name: string,
  value: number,
  unit: string,
  reference: number,
  limit: number,
  samples: number,
): Row {
  const ratio = value / reference;
  return { name, value, unit, reference, ratio, target: `ratio ≤ ${limit}`, met: ratio <= limit, samples };
}

/** The median of a non-empty list. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new RangeError('median of nothing');
  return sorted.length % 2 === 1 ? middle : (middle + (sorted[sorted.length / 2 - 1] ?? middle)) / 2;
}
