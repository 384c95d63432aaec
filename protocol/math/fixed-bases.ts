import { at } from '../errors.ts';
import { bestWindow, bucketTask, signedDigits, windowsOf } from './buckets.ts';
import { classifyPoints, pick } from './distinct-terms.ts';
import type { EngineTask, GroupName, ProvingEngine } from './proving-engine.ts';
import { multiScalar } from './multi-scalar.ts';
import { GROUPS, SCALAR_BYTES } from './proving-engine.ts';

/**
 * Points with all their multiples by powers of 2^window: a sum over them needs no doublings and one set of buckets for all
 * windows, a third less work than without. Public.
 */
export interface FixedBases {
  readonly name: GroupName;
  /** Window in bits. */
  readonly bits: number;
  /** Which points the shares are about, in their order. */
  readonly distinct: readonly number[];
  /** A share a worker. */
  readonly shares: readonly Share[];
  /** Points that are added up in the usual way, because their x stands among the others. */
  readonly repeated: readonly number[];
  readonly repeatedPoints: Uint8Array;
}

interface Share {
  readonly count: number;
  /** Affine multiples: all points times 1, then all points times 2^window, … */
  readonly multiples: Uint8Array;
}

/** Fewer points than this are one worker's: each share has buckets of its own to add up. */
const SHARED_FROM = 1024;

/**
 * Makes the multiples, about 0.1 ms a point of G1.
 *
 * @param points - affine, in Montgomery form
 */
export async function fixBases(engine: ProvingEngine, name: GroupName, points: Uint8Array): Promise<FixedBases> {
  const { affine } = GROUPS[name];
  const { distinct, repeated } = classifyPoints(name, points);
  const workers = distinct.length < SHARED_FROM ? 1 : engine.tm.concurrency;
  const size = Math.ceil(distinct.length / workers);
  const bits = bestWindow(size, () => 1);
  const parts = Array.from({ length: workers }, (_, i) => distinct.slice(i * size, (i + 1) * size));
  const shares = parts.map(async (part) => {
    if (part.length === 0) return { count: 0, multiples: new Uint8Array(0) };
    const task = multiplesTask(engine, name, pick(points, affine, part), bits);
    const [multiples] = await engine.tm.queueAction(task);
    return { count: part.length, multiples: at([multiples], 0) as Uint8Array };
  });
  const repeatedPoints = pick(points, affine, repeated);
  return { name, bits, distinct, shares: await Promise.all(shares), repeated, repeatedPoints };
}

function multiplesTask({ Fr }: ProvingEngine, name: GroupName, points: Uint8Array, bits: number): EngineTask {
  const { prefix, affine, jacobian } = GROUPS[name];
  const count = points.length / affine;
  const windows = windowsOf(bits);
  const call = (operation: string, ...params: readonly unknown[]): Record<string, unknown> => ({
    cmd: 'CALL',
    fnName: `${prefix}_${operation}`,
    params,
  });
  const [n, jacobians] = [{ val: count }, { var: 2 }];
  return [
    { cmd: 'ALLOCSET', var: 0, buff: Fr.e(1n << BigInt(bits)) },
    { cmd: 'ALLOCSET', var: 1, buff: Fr.e(1n) },
    { cmd: 'ALLOC', var: 2, len: count * jacobian },
    { cmd: 'ALLOC', var: 3, len: windows * points.length },
    { cmd: 'SET', var: 3, buff: points },
    call('batchToJacobian', { var: 3 }, n, jacobians),
    ...Array.from({ length: windows - 1 }, (_, i) => [
      call('batchApplyKey', jacobians, n, { var: 0 }, { var: 1 }, jacobians),
      call('batchToAffine', jacobians, n, { var: 3, offset: (i + 1) * points.length }),
    ]).flat(),
    { cmd: 'GET', out: 0, var: 3, len: windows * points.length },
  ];
}

/** Copies of all multiples, share by share, for one {@link fixedSum} that has to come fast; none where there is nobody to hand them to. */
export function spareMultiples({ tm }: ProvingEngine, { shares }: FixedBases): Uint8Array[] {
  return tm.singleThread === true ? [] : shares.map(({ multiples }) => multiples.slice());
}

/**
 * Σ scalar·point, Jacobian.
 *
 * @param scalars - one a point, 32 bytes, little-endian, below 2^254
 * @param spares - of {@link spareMultiples}: handed to the workers, and so used up, where others would be copied; those used up before are left
 */
export async function fixedSum(
  engine: ProvingEngine,
  bases: FixedBases,
  scalars: Uint8Array,
  spares: readonly Uint8Array[] = [],
): Promise<Uint8Array> {
  const group = engine[bases.name];
  const ordered = pick(scalars, SCALAR_BYTES, bases.distinct);
  let first = 0;
  const sums = bases.shares.map((share, i) => {
    const own = ordered.slice(first * SCALAR_BYTES, (first += share.count) * SCALAR_BYTES);
    const spare = spares[i]?.length === share.multiples.length ? spares[i] : undefined;
    return shareSum(engine, bases, share, own, spare);
  });
  const rest = multiScalar(engine, bases.name, bases.repeatedPoints, pick(scalars, SCALAR_BYTES, bases.repeated));
  return (await Promise.all([...sums, rest])).reduce((total, sum) => group.add(total, sum));
}

async function shareSum(
  engine: ProvingEngine,
  { name, bits }: FixedBases,
  { count, multiples }: Share,
  scalars: Uint8Array,
  spare: Uint8Array | undefined,
): Promise<Uint8Array> {
  if (count === 0) return engine[name].zero;
  const windows = Array.from({ length: windowsOf(bits) }, (_, i) => i);
  const plan = { name, bits, digits: signedDigits(scalars, bits), count, windows, ownPoints: true };
  const task = bucketTask(plan, spare ?? multiples);
  const own = new Set(task.flatMap(({ buff }) => (buff instanceof Uint8Array ? [buff.buffer] : [])));
  own.delete(multiples.buffer);
  const [sum, flag] = await engine.tm.queueAction(task, [...own]);
  // Partial sums that meet: nobody can make them, but a wrong proof would be the price.
  if (at([flag], 0)?.[0] !== 0)
    return engine[name].multiExpAffine(multiples.slice(0, count * GROUPS[name].affine), scalars);
  return at([sum], 0) as Uint8Array;
}
