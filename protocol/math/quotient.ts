import { at } from '../errors.ts';
import { shiftToCoset } from './coset.ts';
import type { ProvingEngine } from './proving-engine.ts';
import type { ProvingKey } from './proving-key.ts';
import { FIELD_BYTES } from './proving-key.ts';

/** Bytes of a coefficient in a proving key: matrix, row, wire, value. */
const COEFFICIENT_BYTES = 12 + FIELD_BYTES;

/**
 * (A·B − C) on the coset of the domain, where it is the quotient by the domain's vanishing polynomial up to a constant that the
 * key's points hold; 32 bytes a row, little-endian. As snarkjs, each polynomial in one task of one worker.
 */
export async function quotient(engine: ProvingEngine, key: ProvingKey, witness: Uint8Array): Promise<Uint8Array> {
  const rows = await matrixRows(engine, key, witness);
  const onCoset = await Promise.all(rows.map((row) => shiftToCoset(engine, row)));
  const length = key.domain * FIELD_BYTES;
  const [a, b, c] = [{ var: 0 }, { var: 1 }, { var: 2 }];
  const n = { val: key.domain };
  const [joined] = await engine.tm.queueAction([
    ...onCoset.map((buff, i) => ({ cmd: 'ALLOCSET', var: i, buff })),
    { cmd: 'CALL', fnName: 'qap_joinABC', params: [a, b, c, n, a] },
    { cmd: 'CALL', fnName: 'frm_batchFromMontgomery', params: [a, n, a] },
    { cmd: 'GET', out: 0, var: 0, len: length },
  ]);
  return at([joined], 0) as Uint8Array;
}

/** A·w, B·w and their product, a row each. */
function matrixRows({ tm }: ProvingEngine, key: ProvingKey, witness: Uint8Array): Promise<Uint8Array[]> {
  const coefficients = key.coefficients.subarray(4);
  const length = key.domain * FIELD_BYTES;
  const outputs = [2, 3, 4];
  const rows = outputs.map((each) => ({ var: each }));
  const count = { val: coefficients.length / COEFFICIENT_BYTES };
  const ranges = [{ val: 0 }, { val: key.domain }, { val: 0 }, { val: key.wires }];
  return tm.queueAction([
    { cmd: 'ALLOCSET', var: 0, buff: coefficients.slice() },
    { cmd: 'ALLOCSET', var: 1, buff: witness },
    ...outputs.map((each) => ({ cmd: 'ALLOC', var: each, len: length })),
    { cmd: 'CALL', fnName: 'qap_buildABC', params: [{ var: 0 }, count, { var: 1 }, ...rows, ...ranges] },
    ...outputs.map((each, i) => ({ cmd: 'GET', out: i, var: each, len: length })),
  ]);
}
