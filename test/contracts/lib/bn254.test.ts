import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bn254 } from '@noble/curves/bn254.js';
import fc from 'fast-check';
import type { EmbeddedChain } from '../../../contracts/network/embedded.ts';
import { startTestChain } from '../fixture/test-chain.ts';
import { p, r } from '../../../protocol/math/field.ts';
import type { Deployed } from '../deploy-compiled.ts';
import { deployCompiled, read } from '../deploy-compiled.ts';

let chain: EmbeddedChain;
let harness: Deployed;
beforeAll(async () => {
  chain = await startTestChain();
  harness = await deployCompiled(chain, 'Bn254Harness');
});
afterAll(() => chain.stop());

const call = <T>(name: string, ...args: unknown[]): Promise<T> => read<T>(chain, harness, name, args);
const { G1, G2 } = bn254;
/** k·G as words; 0·G is (0, 0), the precompiles' point at infinity. */
const g1 = (k: bigint): [bigint, bigint] => {
  if (k % r === 0n) return [0n, 0n];
  const { x, y } = G1.Point.BASE.multiply(k % r).toAffine();
  return [x, y];
};
const g2 = (k: bigint): bigint[] => {
  const { x, y } = G2.Point.BASE.multiply(k).toAffine();
  return [x.c1, x.c0, y.c1, y.c0];
};
const scalar = fc.oneof(fc.bigInt(1n, r - 1n), fc.constantFrom(1n, 2n, r - 1n));
const runs = { numRuns: 15 };

describe('add and negateAt', () => {
  it('agree with noble, doubling and the point at infinity included', async () => {
    await fc.assert(
      fc.asyncProperty(scalar, scalar, async (a, b) => {
        expect(await call('add', ...g1(a), ...g1(b))).toEqual(g1(a + b));
        expect(await call('add', ...g1(a), ...g1(a))).toEqual(g1(2n * a));
        expect(await call('negate', ...g1(a))).toEqual(g1(r - a));
        expect(await call('add', ...g1(a), ...(await call<[bigint, bigint]>('negate', ...g1(a))))).toEqual([0n, 0n]);
      }),
      runs,
    );
    expect(await call('negate', 0n, 0n)).toEqual([0n, 0n]);
  });
  it('refuse what is no point', async () => {
    const [x, y] = g1(5n);
    for (const [a, b] of [
      [x, y + 1n],
      [x + p, y],
      [x, y + p],
      [1n, 1n],
    ] as const)
      await expect(call('add', a, b, ...g1(1n))).rejects.toThrow('NotAPoint');
  });
});

describe('pairingIsOne', () => {
  it('holds for a·b + c·d = 0 and for nothing near it', async () => {
    await fc.assert(
      fc.asyncProperty(scalar, scalar, async (a, b) => {
        const words = [...g1(a), ...g2(b), ...g1(r - 1n), ...g2((a * b) % r)];
        expect(await call('pairingIsOne', words)).toBe(true);
        expect(await call('pairingIsOne', [...g1(a + 1n), ...words.slice(2)])).toBe(false);
      }),
      { numRuns: 5 },
    );
  });
  it('is false for what is no point, and costs no more than a pairing', async () => {
    const good = [...g1(2n), ...g2(3n), ...g1(r - 1n), ...g2(6n)];
    for (const i of good.keys()) expect(await call('pairingIsOne', good.with(i, good[i]! + p))).toBe(false);
    for (const i of good.keys()) expect(await call('pairingIsOne', good.with(i, good[i]! ^ 1n))).toBe(false);
    expect(await call<bigint>('gasOfRefusal', good.with(0, p))).toBeLessThan(45_000n + 68_000n + 1_000n);
  });
});
