import type { Field } from '../../../protocol/math/field.ts';
import { toField } from '../../../protocol/math/field.ts';

/** The members of test/vectors/lean-imt.json: strictly increasing. */
export function membersUpTo(size: number): Field[] {
  return Array.from({ length: size }, (_, i) => toField(BigInt(i + 1) * 1_000_000_007n ** 3n + BigInt(i)));
}
