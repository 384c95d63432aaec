import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { EmbeddedChain } from '../../../contracts/network/embedded.ts';
import { startTestChain } from '../fixture/test-chain.ts';
import type { Point } from '../../../protocol/math/curve.ts';
import * as curve from '../../../protocol/math/curve.ts';
import { invert, l, modScalar, r } from '../../../protocol/math/field.ts';
import type { Deployed } from '../deploy-compiled.ts';
import { deployCompiled, read } from '../deploy-compiled.ts';

let chain: EmbeddedChain;
let harness: Deployed;
beforeAll(async () => {
  chain = await startTestChain();
  harness = await deployCompiled(chain, 'BabyJubJubHarness');
});
afterAll(() => chain.stop());

const call = <T>(name: string, ...args: unknown[]): Promise<T> => read<T>(chain, harness, name, args);
const callPoint = async (name: string, ...args: unknown[]): Promise<Point> => {
  const [x, y] = await call<[bigint, bigint]>(name, ...args);
  return { x, y };
};
const scalar = fc.oneof(
  { weight: 3, arbitrary: fc.bigInt(0n, l - 1n) },
  fc.bigInt(0n, 40n),
  fc.bigInt(0n, 1n << 128n),
  fc.constantFrom(
    0n,
    1n,
    l - 1n,
    l,
    l + 1n,
    (1n << 252n) - 1n,
    1n << 252n,
    (1n << 254n) - 1n,
    (1n << 128n) - 1n,
    1n << 124n,
  ),
);
const point = scalar.map((k) => curve.multiplyPublic(curve.G, k));
const times = (p: Point, k: bigint): Point => curve.multiplyPublic(p, k % l);
const runs = { numRuns: 20 };

// Points of the curve outside the prime subgroup: (0, −1) has order 2, (1/√a, 0) order 4; G + (0, −1) order 2l.
const order2: Point = { x: 0n, y: r - 1n };

describe('isOnCurve', () => {
  it('accepts points of the curve, also outside the prime subgroup', async () => {
    for (const p of [curve.G, curve.O, order2, times(curve.G, 12345n)])
      expect(await call('isOnCurve', p.x, p.y)).toBe(true);
  });
  it('rejects coordinates that are not reduced, and points off the curve', async () => {
    const { x, y } = curve.G;
    for (const [a, b] of [
      [x + r, y],
      [x, y + r],
      [x + 1n, y],
      [y, x],
      [0n, 0n],
      [0n, r + 1n],
    ] as const)
      expect(await call('isOnCurve', a, b)).toBe(false);
  });
});

describe('add and sum', () => {
  it('agree with the TypeScript core, doubling, inverses and O included', async () => {
    await fc.assert(
      fc.asyncProperty(point, point, async (a, b) => {
        expect(await callPoint('add', a.x, a.y, b.x, b.y)).toEqual(curve.add(a, b));
        expect(await callPoint('add', a.x, a.y, a.x, a.y)).toEqual(curve.add(a, a));
        expect(await callPoint('add', a.x, a.y, await call('negate', a.x), a.y)).toEqual(curve.O);
      }),
      runs,
    );
  });
  it('sum any number of points', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(point, { maxLength: 12 }), async (points) => {
        expect(await callPoint('sum', curve.pointWords(...points))).toEqual(curve.sum(points));
      }),
      runs,
    );
  });
  it('refuse half a point', async () => {
    await expect(call('sum', [1n])).rejects.toThrow('OddLength');
    await expect(call('timesPowerOfTwo', [1n, 2n, 3n], 3n)).rejects.toThrow('OddLength');
  });
});

describe('timesPowerOfTwo', () => {
  it('doubles every point of a list', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(point, { maxLength: 6 }), fc.constantFrom(0n, 1n, 3n, 125n), async (points, power) => {
        const doubled = points.map((p) => times(p, (1n << power) % l));
        expect(await call('timesPowerOfTwo', curve.pointWords(...points), power)).toEqual(curve.pointWords(...doubled));
      }),
      runs,
    );
  });
  it('takes the small-order part off a point: eight times it lies in the subgroup', async () => {
    const mixed = curve.add(curve.G, order2);
    expect(curve.isInSubgroup(mixed)).toBe(false);
    expect(await call('timesPowerOfTwo', [mixed.x, mixed.y], 3n)).toEqual(curve.pointWords(times(curve.G, 8n)));
    expect(await call('timesPowerOfTwo', [order2.x, order2.y], 3n)).toEqual(curve.pointWords(curve.O));
  });
});

describe('multiply', () => {
  it('agrees with the TypeScript core, at window and range boundaries too', async () => {
    await fc.assert(
      fc.asyncProperty(point, scalar, async (p, k) => {
        expect(await callPoint('multiply', p.x, p.y, k)).toEqual(times(p, k));
      }),
      { numRuns: 40 },
    );
  });
  it('multiplies the generator', async () => {
    expect(await callPoint('multiplyBase', 1n)).toEqual(curve.G);
    expect(await callPoint('multiplyBase', l)).toEqual(curve.O);
    expect(await callPoint('multiplyBase', l - 1n)).toEqual(curve.negate(curve.G));
  });
});

describe('linearCombination', () => {
  it('agrees with the TypeScript core', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(point, scalar), { maxLength: 8 }), async (terms) => {
        const expected = curve.sum(terms.map(([p, k]) => times(p, k)));
        const points = curve.pointWords(...terms.map(([p]) => p));
        expect(
          await callPoint(
            'linearCombination',
            points,
            terms.map(([, k]) => k),
          ),
        ).toEqual(expected);
      }),
      runs,
    );
  });
  it('sees a difference of one in any scalar', async () => {
    const points = curve.pointWords(curve.G, times(curve.G, modScalar(7n)), times(curve.G, 11n));
    const right = await callPoint('linearCombination', points, [5n, 6n, 7n]);
    for (const wrong of [
      [4n, 6n, 7n],
      [5n, 7n, 7n],
      [5n, 6n, 8n],
    ])
      expect(await callPoint('linearCombination', points, wrong)).not.toEqual(right);
  });
  it('refuses lists that do not match and scalars of 2^254 or more', async () => {
    await expect(call('linearCombination', [1n, 2n], [])).rejects.toThrow('LengthsDiffer');
    await expect(call('linearCombination', curve.pointWords(curve.G), [1n << 254n])).rejects.toThrow('ScalarTooLarge');
  });
  it('is recognised by isCombination, and nothing else is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(scalar, { minLength: 1, maxLength: 3 }), async (scalars) => {
        const terms = scalars.map((_, i) => times(curve.G, BigInt(i + 2)));
        const is = ({ x, y }: Point): Promise<boolean> =>
          call<boolean>('isCombination', curve.pointWords(...terms), scalars, x, y);
        const total = curve.sum(scalars.map((k, i) => times(curve.G, BigInt(i + 2) * k)));
        expect(await is(total)).toBe(true);
        expect(await is(curve.add(total, curve.G))).toBe(false);
        expect(await is({ x: total.x === 0n ? 1n : r - total.x, y: total.y })).toBe(false);
        expect(await is({ x: total.x, y: r - total.y })).toBe(false);
      }),
      runs,
    );
  });
  it('costs what its documentation says', async () => {
    const terms = Array.from({ length: 9 }, (_, i) => times(curve.G, BigInt(i + 2)));
    const gas = async (count: number, k: bigint): Promise<number> =>
      Number(await call<bigint>('gasOf', curve.pointWords(...terms.slice(0, count)), Array(count).fill(k)));
    expect(await gas(1, l - 2n)).toBeLessThan(84_000);
    expect(await gas(9, l - 2n)).toBeLessThan(310_000);
    expect(await gas(1, (1n << 128n) - 3n)).toBeLessThan(48_000);
  });
});

describe('invertAll', () => {
  it('inverts every value', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.bigInt(1n, r - 1n), { maxLength: 9 }), async (values) => {
        expect(await call('invertAll', values)).toEqual(values.map((value) => invert(value, r)));
      }),
      runs,
    );
  });
  it('refuses zero, also r', async () => {
    await expect(call('invertAll', [3n, 0n])).rejects.toThrow('ZeroHasNoInverse');
    await expect(call('invertAll', [r])).rejects.toThrow('ZeroHasNoInverse');
  });
});
