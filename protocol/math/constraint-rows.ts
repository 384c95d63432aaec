import { at } from '../errors.ts';
import type { ProvingEngine } from './proving-engine.ts';
import type { ProvingKey } from './proving-key.ts';
import { FIELD_BYTES } from './proving-key.ts';

/** Bytes of a coefficient in a proving key: matrix, row, wire, value. */
const COEFFICIENT_BYTES = 12 + FIELD_BYTES;

/** A·w, B·w and their products for a witness w: 32 bytes a row, in Montgomery form. As secret as the witness. */
export interface ConstraintRows {
  readonly a: Uint8Array;
  readonly b: Uint8Array;
  readonly c: Uint8Array;
}

/** A coefficient of a proving key. */
export interface RowTerm {
  readonly matrix: 'a' | 'b';
  readonly row: number;
  readonly wire: number;
  readonly value: Uint8Array;
}

/** The rows of a whole witness. @param witness - 32 bytes a wire, little-endian */
export async function constraintRows(
  { tm }: ProvingEngine,
  key: ProvingKey,
  witness: Uint8Array,
): Promise<ConstraintRows> {
  const coefficients = key.coefficients.subarray(4);
  const length = key.domain * FIELD_BYTES;
  const outputs = [2, 3, 4];
  const rows = outputs.map((each) => ({ var: each }));
  const count = { val: coefficients.length / COEFFICIENT_BYTES };
  const ranges = [{ val: 0 }, { val: key.domain }, { val: 0 }, { val: key.wires }];
  const made = await tm.queueAction([
    { cmd: 'ALLOCSET', var: 0, buff: coefficients.slice() },
    { cmd: 'ALLOCSET', var: 1, buff: witness },
    ...outputs.map((each) => ({ cmd: 'ALLOC', var: each, len: length })),
    { cmd: 'CALL', fnName: 'qap_buildABC', params: [{ var: 0 }, count, { var: 1 }, ...rows, ...ranges] },
    ...outputs.map((each, i) => ({ cmd: 'GET', out: i, var: each, len: length })),
  ]);
  return { a: at(made, 0), b: at(made, 1), c: at(made, 2) };
}

/** All coefficients of some wires. */
export function termsOf(key: ProvingKey, wires: ReadonlySet<number>): RowTerm[] {
  const bytes = key.coefficients.subarray(4);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const terms: RowTerm[] = [];
  for (let place = 0; place < bytes.length; place += COEFFICIENT_BYTES) {
    const wire = view.getUint32(place + 8, true);
    if (!wires.has(wire)) continue;
    const matrix = view.getUint32(place, true) === 0 ? 'a' : 'b';
    const value = bytes.subarray(place + 12, place + COEFFICIENT_BYTES);
    terms.push({ matrix, row: view.getUint32(place + 4, true), wire, value });
  }
  return terms;
}

/**
 * The rows of a witness that differs from another in a few wires.
 *
 * @param rows - of the other; left as they are
 * @param terms - all coefficients of the wires that differ
 * @param difference - by how much a wire differs, 32 bytes, little-endian
 */
export function movedRows(
  { Fr }: ProvingEngine,
  rows: ConstraintRows,
  terms: readonly RowTerm[],
  difference: (wire: number) => Uint8Array,
): ConstraintRows {
  const moved = { a: rows.a.slice(), b: rows.b.slice(), c: rows.c.slice() };
  const cell = (list: Uint8Array, row: number): Uint8Array => list.subarray(row * FIELD_BYTES, (row + 1) * FIELD_BYTES);
  for (const { matrix, row, wire, value } of terms) {
    const place = cell(moved[matrix], row);
    place.set(Fr.add(place, Fr.mul(value, difference(wire))));
  }
  for (const row of new Set(terms.map((term) => term.row)))
    cell(moved.c, row).set(Fr.mul(cell(moved.a, row), cell(moved.b, row)));
  return moved;
}
