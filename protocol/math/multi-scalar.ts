import { at } from '../errors.ts';
import { bestWindow, bucketTask, signedDigits, windowsOf } from './buckets.ts';
import { classifyPoints, pick, withScalar } from './distinct-terms.ts';
import type { GroupName, ProvingEngine } from './proving-engine.ts';
import { GROUPS, SCALAR_BYTES } from './proving-engine.ts';

/**
 * Σ scalar·point, Jacobian: the engine's `multiExpAffine` with signed digits, shared inversions, and nothing sent to a worker twice.
 *
 * @param points - affine, in Montgomery form
 * @param scalars - 32 bytes each, little-endian, below 2^254
 */
export async function multiScalar(
  engine: ProvingEngine,
  name: GroupName,
  points: Uint8Array,
  scalars: Uint8Array,
): Promise<Uint8Array> {
  const group = engine[name];
  const { affine } = GROUPS[name];
  const { distinct, repeated } = classifyPoints(name, points);
  const term = (indices: readonly number[]): readonly [Uint8Array, Uint8Array] => {
    const live = withScalar(indices, scalars);
    return [pick(points, affine, live), pick(scalars, SCALAR_BYTES, live)];
  };
  const sums = await Promise.all([
    bucketSum(engine, name, ...term(distinct)),
    repeatedSum(engine, name, ...term(repeated), distinct.length),
  ]);
  return sums.reduce((total, sum) => group.add(total, sum));
}

/** So few points are added up one by one: the engine's own sum has its workers do a hundred tasks, whatever there is to add. */
const FEW = 8;

/**
 * A sum over points whose x stood among others, a few dozen of a circuit's: without those others, most are distinct.
 *
 * @param others - how many those are: where they are few, nearly all points are the same one
 */
async function repeatedSum(
  engine: ProvingEngine,
  name: GroupName,
  points: Uint8Array,
  scalars: Uint8Array,
  others: number,
): Promise<Uint8Array> {
  const group = engine[name];
  const { affine } = GROUPS[name];
  const count = scalars.length / SCALAR_BYTES;
  if (count >= FEW)
    return others < FEW ? group.multiExpAffine(points, scalars) : multiScalar(engine, name, points, scalars);
  const scalar = (i: number): Uint8Array => scalars.slice(i * SCALAR_BYTES, (i + 1) * SCALAR_BYTES);
  const terms = Array.from({ length: count }, (_, i) =>
    group.timesScalar(points.slice(i * affine, (i + 1) * affine), scalar(i)),
  );
  return terms.reduce((total, term) => group.add(total, term), group.zero);
}

async function bucketSum(
  engine: ProvingEngine,
  name: GroupName,
  points: Uint8Array,
  scalars: Uint8Array,
): Promise<Uint8Array> {
  const group = engine[name];
  const count = scalars.length / SCALAR_BYTES;
  if (count === 0) return group.zero;
  const bits = bestWindow(count, (windows) => windows);
  const digits = signedDigits(scalars, bits);
  const sums: Uint8Array[] = [];
  const { concurrency } = engine.tm;
  const flags = Array.from({ length: concurrency }, async (_, worker) => {
    const windows = Array.from({ length: windowsOf(bits) }, (__, i) => i).filter((i) => i % concurrency === worker);
    const done = await engine.tm.queueAction(
      bucketTask({ name, bits, digits, count, windows, ownPoints: false }, points),
    );
    windows.forEach((window, i) => (sums[window] = at(done, i)));
    return at(done, windows.length)[0];
  });
  // Partial sums that meet: nobody can make them, but a wrong proof would be the price.
  if ((await Promise.all(flags)).some((flag) => flag !== 0)) return group.multiExpAffine(points, scalars);
  return sums.reduceRight((total, sum) => group.add(shift(engine, name, total, bits), sum), group.zero);
}

/** 2^bits·point. */
function shift(engine: ProvingEngine, name: GroupName, point: Uint8Array, bits: number): Uint8Array {
  let result = point;
  for (let i = 0; i < bits; i++) result = engine[name].double(result);
  return result;
}
