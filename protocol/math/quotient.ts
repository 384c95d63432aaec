import { at } from '../errors.ts';
import type { ConstraintRows } from './constraint-rows.ts';
import type { CosetTables } from './coset.ts';
import { shiftToCoset } from './coset.ts';
import type { ProvingEngine } from './proving-engine.ts';
import { FIELD_BYTES } from './proving-key.ts';

/**
 * (A·B − C) on the coset of the domain, where it is the quotient by the domain's vanishing polynomial up to a constant that the
 * key's points hold; 32 bytes a row, little-endian. As snarkjs, each polynomial in one task of one worker. The tasks are queued
 * before it returns: what is queued after it does not hold it up.
 */
export async function quotient(
  engine: ProvingEngine,
  tables: CosetTables,
  { a, b, c }: ConstraintRows,
): Promise<Uint8Array> {
  const onCoset = await Promise.all([a, b, c].map((row) => shiftToCoset(engine, tables, row)));
  const [left, right, product] = [{ var: 0 }, { var: 1 }, { var: 2 }];
  const n = { val: a.length / FIELD_BYTES };
  const [joined] = await engine.tm.queueAction([
    ...onCoset.map((buff, i) => ({ cmd: 'ALLOCSET', var: i, buff })),
    { cmd: 'CALL', fnName: 'qap_joinABC', params: [left, right, product, n, left] },
    { cmd: 'CALL', fnName: 'frm_batchFromMontgomery', params: [left, n, left] },
    { cmd: 'GET', out: 0, var: 0, len: a.length },
  ]);
  return at([joined], 0) as Uint8Array;
}
