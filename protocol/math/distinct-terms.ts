import { GROUPS, SCALAR_BYTES } from './proving-engine.ts';
import type { GroupName } from './proving-engine.ts';

/**
 * Which points of a list can go into sums with shared inversions: no O, and no two with the same x (a circuit's wires may well have
 * the same point, or opposite ones).
 */
export interface PointClasses {
  /** Indices, ascending. */
  readonly distinct: readonly number[];
  /** Indices of further points, not O, whose x was there before. */
  readonly repeated: readonly number[];
}

/** @param points - affine, in Montgomery form */
export function classifyPoints(name: GroupName, points: Uint8Array): PointClasses {
  const { affine } = GROUPS[name];
  const view = new DataView(points.buffer, points.byteOffset, points.byteLength);
  const seen = new Set<number>();
  const [distinct, repeated]: [number[], number[]] = [[], []];
  for (let i = 0; i < points.length / affine; i++) {
    if (isZero(points, i * affine, affine)) continue;
    // 52 bits of x: a chance repetition only costs a little time.
    const key = view.getUint32(i * affine, true) * 2 ** 20 + (view.getUint32(i * affine + 4, true) & 0xfffff);
    (seen.has(key) ? repeated : distinct).push(i);
    seen.add(key);
  }
  return { distinct, repeated };
}

/** True if the bytes are all zero: the affine O, or the scalar 0. */
export function isZero(bytes: Uint8Array, start: number, length: number): boolean {
  for (let i = start; i < start + length; i++) if (bytes[i] !== 0) return false;
  return true;
}

/** The entries of `size` bytes at some indices, copied. */
export function pick(bytes: Uint8Array, size: number, indices: readonly number[]): Uint8Array {
  const picked = new Uint8Array(indices.length * size);
  indices.forEach((index, k) => picked.set(bytes.subarray(index * size, (index + 1) * size), k * size));
  return picked;
}

/** The indices whose scalar is not zero. */
export function withScalar(indices: readonly number[], scalars: Uint8Array): number[] {
  return indices.filter((index) => !isZero(scalars, index * SCALAR_BYTES, SCALAR_BYTES));
}
