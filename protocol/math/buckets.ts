import type { EngineTask, GroupName } from './proving-engine.ts';
import { GROUPS, SCALAR_BYTES } from './proving-engine.ts';

/** Bits of a scalar, and one for the sign of its highest digit. */
const SIGNED_BITS = 255;

/** Windows that cover a scalar in signed digits of `bits` bits. */
export function windowsOf(bits: number): number {
  return Math.ceil(SIGNED_BITS / bits);
}

/** What adding up a bucket costs, in shared-inversion additions: a mixed and a full addition. */
const BUCKET_COST = 4.5;

/**
 * The width of a window, in bits, that makes a sum cheapest.
 *
 * @param sets - sets of buckets, by the number of windows
 */
export function bestWindow(terms: number, sets: (windows: number) => number): number {
  const cost = (bits: number): number =>
    windowsOf(bits) * terms + sets(windowsOf(bits)) * BUCKET_COST * 2 ** (bits - 1);
  return [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14].reduce((best, bits) => (cost(bits) < cost(best) ? bits : best), 2);
}

/**
 * Scalars as digits between −2^(bits−1) and 2^(bits−1), the lowest first: all scalars' digits of a window, then the next window's.
 *
 * @param scalars - 32 bytes each, little-endian, below 2^254
 */
export function signedDigits(scalars: Uint8Array, bits: number): Int16Array {
  const aligned = scalars.byteOffset % 4 === 0 ? scalars : scalars.slice();
  const count = aligned.length / SCALAR_BYTES;
  const limbs = new Uint32Array(aligned.buffer, aligned.byteOffset, count * 8);
  const digits = new Int16Array(count * windowsOf(bits));
  const carries = new Uint8Array(count);
  const [half, mask] = [2 ** (bits - 1), 2 ** bits - 1];
  for (let window = 0, k = 0; window < windowsOf(bits); window++) {
    const [limb, shift] = [(window * bits) >> 5, (window * bits) & 31];
    const crosses = shift + bits > 32 && limb < 7;
    for (let i = 0; i < count; i++) {
      const low = limb < 8 ? (limbs[i * 8 + limb] ?? 0) >>> shift : 0;
      const high = crosses ? (limbs[i * 8 + limb + 1] ?? 0) << (32 - shift) : 0;
      const digit = ((low | high) & mask) + (carries[i] ?? 0);
      carries[i] = digit > half ? 1 : 0;
      digits[k++] = digit > half ? digit - mask - 1 : digit;
    }
  }
  return digits;
}

/** Which digit goes where. */
export interface BucketPlan {
  readonly name: GroupName;
  readonly bits: number;
  readonly digits: Int16Array;
  /** Terms a window. */
  readonly count: number;
  /** Windows to add up. */
  readonly windows: readonly number[];
  /** Whether each window has points and buckets: or points of its own and buckets together with the others. */
  readonly ownPoints: boolean;
}

/** Pairs of a shared inversion: what they need stays in a core's cache. */
const BATCH = 512;

/**
 * The task that adds points into buckets, by pairs within each bucket until one is left, and the buckets up. Returns a Jacobian sum a set
 * of buckets (one, or one a window), then a word that is not 0 if points with the same x met.
 *
 * @param points - affine; of all windows in `ownPoints`
 */
export function bucketTask(plan: BucketPlan, points: Uint8Array): EngineTask {
  const { prefix, affine, jacobian } = GROUPS[plan.name];
  const half = 2 ** (plan.bits - 1);
  const sets = plan.ownPoints ? 1 : plan.windows.length;
  const { pairs, passes, buckets } = pairUp(plan, points.length, sets * half);
  const [area, list, references, scratch, result, flag] = [0, 1, 2, 3, 4, 5].map((i) => ({ var: i }));
  let done = 0;
  const additions = passes.flatMap((size) =>
    Array.from({ length: Math.ceil(size / BATCH) }, (_, i) => {
      const n = Math.min(BATCH, size - i * BATCH);
      const out = { ...area, offset: points.length + done * affine };
      const params = [{ ...list, offset: done * 8 }, { val: n }, area, out, scratch, flag];
      done += n;
      return { cmd: 'CALL', fnName: `${prefix}_batchAdd`, params };
    }),
  );
  const reductions = Array.from({ length: sets }, (_, set) => [
    {
      cmd: 'CALL',
      fnName: `${prefix}_reduceBuckets`,
      params: [{ ...references, offset: set * half * 4 }, { val: half }, area, result],
    },
    { cmd: 'GET', out: set, ...result, len: jacobian },
  ]).flat();
  return [
    { cmd: 'ALLOC', ...area, len: points.length + (pairs.length / 2) * affine },
    { cmd: 'SET', ...area, buff: points },
    { cmd: 'ALLOCSET', ...list, buff: bytesOf(pairs) },
    { cmd: 'ALLOCSET', ...references, buff: bytesOf(buckets) },
    { cmd: 'ALLOC', ...scratch, len: (2 * BATCH + 1) * affine },
    { cmd: 'ALLOC', ...result, len: jacobian },
    { cmd: 'ALLOCSET', ...flag, buff: new Uint8Array(4) },
    ...additions,
    ...reductions,
    { cmd: 'GET', out: sets, ...flag, len: 4 },
  ];
}

function bytesOf(words: Int32Array): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
}

/** References to the points of each bucket, and where each bucket's begin. */
function sortIntoBuckets(plan: BucketPlan, total: number): { items: Int32Array; starts: Int32Array } {
  const { digits, count, windows, bits, ownPoints } = plan;
  const { affine } = GROUPS[plan.name];
  const half = 2 ** (bits - 1);
  const starts = new Int32Array(total + 1);
  const each = (visit: (bucket: number, reference: number) => void): void => {
    windows.forEach((window, set) => {
      const [firstBucket, firstPoint] = ownPoints ? [-1, window * count] : [set * half - 1, 0];
      for (let i = 0; i < count; i++) {
        const digit = digits[window * count + i] ?? 0;
        if (digit > 0) visit(firstBucket + digit, (firstPoint + i) * affine);
        else if (digit < 0) visit(firstBucket - digit, (firstPoint + i) * affine + 1);
      }
    });
  };
  each((bucket) => (starts[bucket + 1] = (starts[bucket + 1] ?? 0) + 1));
  for (let i = 1; i <= total; i++) starts[i] = (starts[i] ?? 0) + (starts[i - 1] ?? 0);
  const items = new Int32Array(starts[total] ?? 0);
  const next = starts.slice();
  each((bucket, reference) => {
    const place = next[bucket] ?? 0;
    items[place] = reference;
    next[bucket] = place + 1;
  });
  return { items, starts };
}

interface Pairing {
  /** References, two a pair; the k-th pair's sum is the k-th point behind the input. */
  readonly pairs: Int32Array;
  /** Pairs a pass: those of a pass do not depend on each other. */
  readonly passes: readonly number[];
  /** The last reference of each bucket, −1 for an empty one. */
  readonly buckets: Int32Array;
}

function pairUp(plan: BucketPlan, pointBytes: number, total: number): Pairing {
  const { affine } = GROUPS[plan.name];
  let { items, starts } = sortIntoBuckets(plan, total);
  const all = new Int32Array(2 * items.length);
  const passes: number[] = [];
  let made = 0;
  for (;;) {
    const before = made;
    const nextStarts = new Int32Array(total + 1);
    const next = new Int32Array(items.length);
    let kept = 0;
    for (let bucket = 0; bucket < total; bucket++) {
      const end = starts[bucket + 1] ?? 0;
      let i = starts[bucket] ?? 0;
      for (; i + 1 < end; i += 2) {
        all[2 * made] = items[i] ?? 0;
        all[2 * made + 1] = items[i + 1] ?? 0;
        next[kept++] = pointBytes + made++ * affine;
      }
      if (i < end) next[kept++] = items[i] ?? 0;
      nextStarts[bucket + 1] = kept;
    }
    if (made === before) break;
    passes.push(made - before);
    [items, starts] = [next, nextStarts];
  }
  const buckets = Int32Array.from({ length: total }, (_, bucket) => {
    const first = starts[bucket] ?? 0;
    return (starts[bucket + 1] ?? 0) > first ? (items[first] ?? -1) : -1;
  });
  return { pairs: all.subarray(0, 2 * made), passes, buckets };
}
