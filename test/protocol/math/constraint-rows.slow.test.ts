import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readProvingArtifacts } from '../../../circuits/artifacts.ts';
import type { ConstraintRows } from '../../../protocol/math/constraint-rows.ts';
import { constraintRows, movedRows, termsOf } from '../../../protocol/math/constraint-rows.ts';
import { decodeNumber, encodeWord } from '../../../protocol/encoding.ts';
import { mod, r } from '../../../protocol/math/field.ts';
import { terminate } from '../../../protocol/math/groth16.ts';
import { loadProvingEngine } from '../../../protocol/math/proving-engine.ts';
import type { ProvingEngine } from '../../../protocol/math/proving-engine.ts';
import { readProvingKey } from '../../../protocol/math/proving-key.ts';
import { stream } from '../../circuits/fixture.ts';

const folder = join(import.meta.dirname, '../../../circuits/artifacts');
const key = readProvingKey(readProvingArtifacts(folder, 'ballot-2', 'development').zkey);
let engine: ProvingEngine;

beforeAll(async () => {
  engine = await loadProvingEngine();
});
afterAll(terminate);

/** A field element, 32 bytes, little-endian. */
const little = (value: bigint): Uint8Array => encodeWord(mod(value, r)).reverse();
const random = stream(77);
const element = (): bigint => decodeNumber(random(48)) % r;

/** Wires of random values: rows are those of any vector, whether it fulfils the circuit or not. */
function randomWitness(): Uint8Array {
  const witness = new Uint8Array(32 * key.wires);
  for (let wire = 0; wire < key.wires; wire++) witness.set(little(element()), 32 * wire);
  return witness;
}

const shown = ({ a, b, c }: ConstraintRows): string[] => [a, b, c].map((list) => Buffer.from(list).toString('hex'));

describe('movedRows', () => {
  it('gives the rows of a witness that differs in some wires, and leaves the others’ as they are', async () => {
    const witness = randomWitness();
    const before = await constraintRows(engine, key, witness);
    const kept = shown(before);
    // The constant wire, a public one, the last, and some between.
    const wires = new Set([0, 1, 17, 2000, 2001, key.wires - 1]);
    const by = new Map([...wires].map((wire, i) => [wire, i === 2 ? -1n : element()]));
    const other = witness.slice();
    for (const [wire, difference] of by) {
      const value = decodeNumber(witness.slice(32 * wire, 32 * (wire + 1)).reverse());
      other.set(little(value + difference), 32 * wire);
    }
    const terms = termsOf(key, wires);
    expect(new Set(terms.map(({ wire }) => wire))).toEqual(wires);
    expect(new Set(terms.map(({ matrix }) => matrix))).toEqual(new Set(['a', 'b']));
    const moved = movedRows(engine, before, terms, (wire) => little(by.get(wire) ?? 0n));
    expect(shown(moved)).toEqual(shown(await constraintRows(engine, key, other)));
    expect(shown(moved)).not.toEqual(kept);
    expect(shown(before)).toEqual(kept);
  });
});
