import type { Point } from '../../math/curve.ts';
import { O } from '../../math/curve.ts';
import { NO_U, makeWindow, sweep } from './sweep.ts';

/** u coordinates of `0·base … size·base`: finds a from ±a·base. */
export interface BabyTable {
  readonly base: Point;
  /** Largest multiple held. */
  readonly size: number;
  /** Multiples whose u has this value's low 32 bits; false hits are possible and the caller's to check. */
  find(u: bigint): readonly number[];
}

/** Largest table: just below 2^23 entries, 128 MiB. */
export const MAX_TABLE_SIZE = 2 ** 23 - 2;

/** Open addressing in two typed arrays, at most half full; u is uniform enough to be its own hash. */
export function buildTable(base: Point, size: number, onProgress?: (done: number) => void): BabyTable {
  const slots = 2 ** Math.ceil(Math.log2(2 * size + 4));
  const mask = slots - 1;
  const keys = new Uint32Array(slots);
  const multiples = new Uint32Array(slots);
  const insert = (u: bigint, multiple: number): boolean => {
    if (u === NO_U) return false;
    const key = Number(BigInt.asUintN(32, u));
    let slot = key & mask;
    while (multiples[slot] !== 0) slot = (slot + 1) & mask;
    keys[slot] = key;
    multiples[slot] = multiple;
    return false;
  };
  sweep(O, makeWindow(base, size + 1), size + 1, insert, onProgress);
  const find = (u: bigint): readonly number[] => {
    if (u === NO_U) return [0];
    const key = Number(BigInt.asUintN(32, u));
    let found: number[] | undefined;
    for (let slot = key & mask; multiples[slot] !== 0; slot = (slot + 1) & mask) {
      if (keys[slot] === key) (found ??= []).push(multiples[slot] ?? 0);
    }
    return found ?? NOTHING;
  };
  return { base, size, find };
}

const NOTHING: readonly number[] = [];
