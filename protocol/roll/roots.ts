import { hashWords } from '../hash.ts';
import type { Field } from '../math/field.ts';

/** Hash of the roots of all districts, in their order; an empty district's root is 0 (SPEC §2). */
export function rootsHash(roots: readonly Field[]): bigint {
  return hashWords('roots', roots);
}
