import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { modField } from '../../../protocol/math/field.ts';
import { cosetTables, shiftToCoset } from '../../../protocol/math/coset.ts';
import { terminate } from '../../../protocol/math/groth16.ts';
import type { ProvingEngine } from '../../../protocol/math/proving-engine.ts';
import { loadProvingEngine } from '../../../protocol/math/proving-engine.ts';

/** What the engine brings along for the same. */
interface Transforms {
  ifft(values: Uint8Array): Promise<Uint8Array>;
  fft(values: Uint8Array): Promise<Uint8Array>;
  batchApplyKey(values: Uint8Array, first: Uint8Array, step: Uint8Array): Promise<Uint8Array>;
}

let engine: ProvingEngine;
beforeAll(async () => {
  engine = await loadProvingEngine();
});
afterAll(terminate);

describe('shiftToCoset', () => {
  it.each([1, 2, 3, 8, 13])('gives what three transforms of the engine give on 2^%i values', async (bits) => {
    const values = new Uint8Array(32 * 2 ** bits);
    for (let i = 0; i < 2 ** bits; i++) values.set(engine.Fr.e(modField(BigInt(i + 3) ** 50n)), 32 * i);
    const own = engine.Fr as unknown as Transforms;
    const shifted = await own.batchApplyKey(await own.ifft(values), engine.Fr.e(1n), engine.Fr.w[bits + 1]!);
    expect(
      Buffer.compare(await shiftToCoset(engine, await cosetTables(engine, 2 ** bits), values), await own.fft(shifted)),
    ).toBe(0);
  });
});
