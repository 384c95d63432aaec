import { at } from '../errors.ts';
import type { EngineTask, ProvingEngine } from './groth16.ts';
import type { ProvingKey } from './proving-key.ts';
import { FIELD_BYTES } from './proving-key.ts';

/** Bytes of a coefficient in a proving key: matrix, row, wire, value. */
const COEFFICIENT_BYTES = 12 + FIELD_BYTES;

/**
 * (A·B − C) on the coset of the domain, where it is the quotient by the domain's vanishing polynomial up to a constant that the
 * key's points hold; 32 bytes a row, little-endian. In snarkjs's order of steps, the rows in one call instead of one by one.
 */
export async function quotient(engine: ProvingEngine, key: ProvingKey, witness: Uint8Array): Promise<Uint8Array> {
  const rows = await matrixRows(engine, key, witness);
  const onCoset = await Promise.all(rows.map((row) => shiftToCoset(engine, key, row)));
  const length = key.domain * FIELD_BYTES;
  const inputs: EngineTask = onCoset.map((buff, i) => ({ cmd: 'ALLOCSET', var: i, buff }));
  const [joined] = await engine.tm.queueAction([
    ...inputs,
    { cmd: 'ALLOC', var: 3, len: length },
    {
      cmd: 'CALL',
      fnName: 'qap_joinABC',
      params: [{ var: 0 }, { var: 1 }, { var: 2 }, { val: key.domain }, { var: 3 }],
    },
    { cmd: 'CALL', fnName: 'frm_batchFromMontgomery', params: [{ var: 3 }, { val: key.domain }, { var: 3 }] },
    { cmd: 'GET', out: 0, var: 3, len: length },
  ]);
  return at([joined], 0) as Uint8Array;
}

/** A·w, B·w and their product, a row each. */
async function matrixRows({ tm }: ProvingEngine, key: ProvingKey, witness: Uint8Array): Promise<Uint8Array[]> {
  const coefficients = key.coefficients.slice(4);
  const length = key.domain * FIELD_BYTES;
  const outputs = [2, 3, 4];
  const count = { val: coefficients.length / COEFFICIENT_BYTES };
  const params = [
    { var: 0 },
    count,
    { var: 1 },
    ...outputs.map((each) => ({ var: each })),
    { val: 0 },
    { val: key.domain },
  ];
  return tm.queueAction([
    { cmd: 'ALLOCSET', var: 0, buff: coefficients },
    { cmd: 'ALLOCSET', var: 1, buff: witness },
    ...outputs.map((each) => ({ cmd: 'ALLOC', var: each, len: length })),
    { cmd: 'CALL', fnName: 'qap_buildABC', params: [...params, { val: 0 }, { val: key.wires }] },
    ...outputs.map((each, i) => ({ cmd: 'GET', out: i, var: each, len: length })),
  ]);
}

/** From values on the domain to values on its coset by the next root of unity. */
async function shiftToCoset({ Fr }: ProvingEngine, { domain }: ProvingKey, values: Uint8Array): Promise<Uint8Array> {
  const coefficients = await Fr.ifft(values);
  const shifted = await Fr.batchApplyKey(coefficients, Fr.e(1n), at(Fr.w, Math.log2(domain) + 1));
  return Fr.fft(shifted);
}
