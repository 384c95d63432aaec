import { require } from '../../errors.ts';
import type { Point } from '../../math/curve.ts';
import { G, add, equalPoints, multiplyPublic, subtract } from '../../math/curve.ts';
import type { BabyTable } from './table.ts';
import { MAX_TABLE_SIZE, buildTable } from './table.ts';
import { makeWindow, sweep } from './sweep.ts';

/** 2^32·G: the unit of a lane's second count. */
const H = multiplyPublic(G, 1n << 32n);
/** Largest number of pairs that a search takes on (DESIGN §2.4). */
export const MAX_SEARCH = 2 ** 48;

/** Largest possible counts of a lane's two options: `max[i] · nonEmpty`. */
export interface CountBounds {
  readonly first: number;
  readonly second: number;
}

/** A lane's two counts. */
export interface CountPair {
  readonly first: number;
  readonly second: number;
}

/** Called now and then with the part of the longest possible search that is done, 0 to 1. */
export type SearchProgress = (done: number) => void;

/** Finds counts; keeps its tables, so that one is best used for all lanes of all units. */
export interface CountSearch {
  /** The pair within `bounds` with `first·G + second·2^32·G = point`, or undefined if there is none. */
  find(point: Point, bounds: CountBounds, onProgress?: SearchProgress): CountPair | undefined;
}

/** The point `first·G + second·2^32·G`. */
export function countPoint({ first, second }: CountPair): Point {
  return multiplyPublic(G, BigInt(first) + (BigInt(second) << 32n));
}

/** @throws `tally/bounds` unless both are whole, below 2^32, and the pairs are at most 2^48 */
function requireBounds({ first, second }: CountBounds): void {
  const whole = [first, second].every((bound) => Number.isSafeInteger(bound) && bound >= 0 && bound < 2 ** 32);
  require(whole &&
    (first + 1) * (second + 1) <=
      MAX_SEARCH, 'tally/bounds', 'the counts have too many possible values to be searched');
}

/**
 * A search by baby steps and giant steps in two dimensions. The table holds multiples of one dimension's unit and, by
 * symmetry, their negatives; the giant steps run through the rest. Time and memory grow with the square root of the pairs.
 */
export function createCountSearch(maxTableSize = MAX_TABLE_SIZE): CountSearch {
  const tables = new Map<Point, BabyTable>();
  const table = (base: Point, size: number, onProgress: (done: number) => void): BabyTable => {
    const known = tables.get(base);
    if (known !== undefined && known.size >= size) return known;
    const built = buildTable(base, size, onProgress);
    tables.set(base, built);
    return built;
  };
  return {
    find(point, bounds, onProgress) {
      requireBounds(bounds);
      const swapped = bounds.second > bounds.first;
      const [baby, other] = swapped ? [H, G] : [G, H];
      const [long, short] = swapped ? [bounds.second, bounds.first] : [bounds.first, bounds.second];
      const wanted = Math.ceil(Math.min(long / 2, Math.sqrt(((long + 1) * (short + 1)) / 2), maxTableSize));
      const giants = (short + 1) * Math.ceil((long + 1) / (2 * wanted + 1));
      const total = wanted + giants;
      const steps = table(baby, wanted, (done) => onProgress?.(done / total));
      const check = (a: number, b: number): CountPair | undefined => {
        const pair = swapped ? { first: b, second: a } : { first: a, second: b };
        const inside = a >= 0 && a <= long && b >= 0 && b <= short;
        return inside && equalPoints(countPoint(pair), point) ? pair : undefined;
      };
      return giantSteps(point, steps, { other, long, short }, check, (done) =>
        onProgress?.(Math.min(1, (wanted + done) / total)),
      );
    },
  };
}

interface Rectangle {
  readonly other: Point;
  readonly long: number;
  readonly short: number;
}

/** Runs through `point − (size + block·span)·base − b·other`; each hit gives a candidate `(a, b)`. */
function giantSteps(
  point: Point,
  { base, size, find }: BabyTable,
  { other, long, short }: Rectangle,
  check: (a: number, b: number) => CountPair | undefined,
  onStep: (done: number) => void,
): CountPair | undefined {
  const span = 2 * size + 1;
  const blocks = Math.ceil((long + 1) / span);
  const start = subtract(point, multiplyPublic(base, BigInt(size)));
  const [blockStep, otherStep] = [multiplyPublic(base, -BigInt(span)), multiplyPublic(other, -1n)];
  const alongBlocks = blocks > short + 1;
  const [outer, inner] = alongBlocks ? [short + 1, blocks] : [blocks, short + 1];
  const [outerStep, innerStep] = alongBlocks ? [otherStep, blockStep] : [blockStep, otherStep];
  const window = makeWindow(innerStep, inner);
  let result: CountPair | undefined;
  let row = start;
  for (let i = 0; i < outer && result === undefined; i++) {
    sweep(
      row,
      window,
      inner,
      (u, j) => {
        for (const multiple of find(u)) {
          const [block, b] = alongBlocks ? [j, i] : [i, j];
          const middle = size + block * span;
          result = check(middle + multiple, b) ?? check(middle - multiple, b);
          if (result !== undefined) return true;
        }
        return false;
      },
      (done) => onStep(i * inner + done),
    );
    row = add(row, outerStep);
  }
  return result;
}
