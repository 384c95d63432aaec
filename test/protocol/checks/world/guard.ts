import type { Forgery } from './forge.ts';
import { clone, find, resign } from './forge.ts';

/** A lie about one thing, whatever else follows from it, and what its check says of it. */
export type GuardCase = readonly [check: number, sentence: string, forge: (f: Forgery) => void | Promise<void>];

/** A copy of an entry's data. */
export const copy = (
  f: Forgery,
  ...place: Parameters<typeof find> extends [Forgery, ...infer R] ? R : never
): unknown => clone(find(f, ...place).data);

/** The lie with all signatures made again. */
export function signed(forge: (f: Forgery) => void): (f: Forgery) => void {
  return (f) => {
    forge(f);
    resign(f);
  };
}
