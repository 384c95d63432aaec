import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bn254 } from '@noble/curves/bn254.js';
import fc from 'fast-check';
import { signedDigits, windowsOf } from '../../../protocol/math/buckets.ts';
import { r } from '../../../protocol/math/field.ts';
import { fixBases, fixedSum } from '../../../protocol/math/fixed-bases.ts';
import { terminate } from '../../../protocol/math/groth16.ts';
import { multiScalar } from '../../../protocol/math/multi-scalar.ts';
import type { GroupName, ProvingEngine } from '../../../protocol/math/proving-engine.ts';
import { GROUPS, loadProvingEngine } from '../../../protocol/math/proving-engine.ts';

let engine: ProvingEngine;
beforeAll(async () => {
  engine = await loadProvingEngine();
});
afterAll(terminate);

const BASE = { G1: bn254.G1.Point.BASE, G2: bn254.G2.Point.BASE };
const little = (x: bigint): Uint8Array =>
  Uint8Array.from({ length: 32 }, (_, i) => Number((x >> BigInt(8 * i)) & 255n));
const join = (parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(parts));

/** `logs` as affine points of the engine. */
function pointsOf(name: GroupName, logs: readonly bigint[]): Uint8Array {
  const group = engine[name] as unknown as { g: Uint8Array } & ProvingEngine['G1'];
  return join(
    logs.map((k) =>
      k === 0n ? new Uint8Array(GROUPS[name].affine) : group.toAffine(group.timesFr(group.g, engine.Fr.e(k))),
    ),
  );
}

/** The point's coordinates, or `O`. */
function shown(name: GroupName, point: Uint8Array): unknown {
  return engine[name].toObject(engine[name].toAffine(point));
}

function expected(name: GroupName, logs: readonly bigint[], scalars: readonly bigint[]): unknown {
  const total = logs.reduce((sum, log, i) => (sum + log * scalars[i]!) % r, 0n);
  const point = (BASE[name] as typeof BASE.G1).multiplyUnsafe(total);
  const { x, y } = point.toAffine() as unknown as { x: bigint | { c0: bigint; c1: bigint }; y: typeof x };
  if (total === 0n) return shown(name, engine[name].zero);
  const coordinate = (z: typeof x): unknown => (typeof z === 'bigint' ? z : [z.c0, z.c1]);
  return [coordinate(x), coordinate(y)].concat(typeof x === 'bigint' ? [1n] : [[1n, 0n]]);
}

/** Scalars in which every window, carry and sign occurs, and logs with O, equal and opposite points among them. */
const LOGS = [5n, 0n, 5n, r - 5n, ...Array.from({ length: 60 }, (_, i) => BigInt(i + 6) ** 20n % r)];
const SCALARS = [3n, 77n, 3n, 3n, 0n, 1n, r - 1n, (1n << 253n) - 1n, ...LOGS.slice(8).map((log) => (log * log) % r)];

describe.each<GroupName>(['G1', 'G2'])('sums over %s', (name) => {
  it('are right with O, equal and opposite points and all kinds of scalars', async () => {
    const [points, scalars] = [pointsOf(name, LOGS), join(SCALARS.map(little))];
    const wanted = expected(name, LOGS, SCALARS);
    expect(shown(name, await multiScalar(engine, name, points, scalars))).toEqual(wanted);
    const bases = await fixBases(engine, name, points);
    expect(shown(name, await fixedSum(engine, bases, scalars))).toEqual(wanted);
  });

  it('are right where partial sums meet', async () => {
    // One bucket: 7 + 9 first, then 16 + 16, which needs the formula for doubling.
    const [logs, scalars] = [
      [7n, 9n, 16n, 100n],
      [1n, 1n, 1n, 1n],
    ];
    const [points, words] = [pointsOf(name, logs), join(scalars.map(little))];
    const wanted = expected(name, logs, scalars);
    expect(shown(name, await multiScalar(engine, name, points, words))).toEqual(wanted);
    expect(shown(name, await fixedSum(engine, await fixBases(engine, name, points), words))).toEqual(wanted);
  });

  it.each([
    ['few are', [2n, 3n, 2n, r - 3n, 2n]],
    ['all are, each some times', Array.from({ length: 40 }, (_, i) => BigInt(i % 12) + 11n)],
    ['there is one only', Array.from({ length: 30 }, (_, i) => (i % 2 === 0 ? 5n : r - 5n))],
  ])('are right where points are repeated: %s', async (_, logs) => {
    const values = logs.map((log, i) => (log * 7n + BigInt(i)) ** 31n % r);
    const [points, scalars] = [pointsOf(name, logs), join(values.map(little))];
    const wanted = expected(name, logs, values);
    expect(shown(name, await multiScalar(engine, name, points, scalars))).toEqual(wanted);
    expect(shown(name, await fixedSum(engine, await fixBases(engine, name, points), scalars))).toEqual(wanted);
  });

  it('of nothing, or with zeros only, are O', async () => {
    const none = new Uint8Array(0);
    const points = pointsOf(name, [1n, 2n]);
    const bases = await fixBases(engine, name, points);
    for (const sum of [
      await multiScalar(engine, name, none, none),
      await multiScalar(engine, name, points, new Uint8Array(64)),
      await fixedSum(engine, bases, new Uint8Array(64)),
      await fixedSum(engine, await fixBases(engine, name, none), none),
    ])
      expect(shown(name, sum)).toEqual(shown(name, engine[name].zero));
  });
});

describe('signedDigits', () => {
  it('are small and add up to the scalar, for every width', () => {
    const scalar = fc.bigInt({ min: 0n, max: r - 1n });
    fc.assert(
      fc.property(fc.array(scalar, { minLength: 1, maxLength: 5 }), fc.integer({ min: 2, max: 14 }), (values, bits) => {
        const digits = signedDigits(join(values.map(little)), bits);
        values.forEach((value, i) => {
          const own = Array.from({ length: windowsOf(bits) }, (_, w) => BigInt(digits[w * values.length + i]!));
          expect(own.reduceRight((sum, digit) => (sum << BigInt(bits)) + digit, 0n)).toBe(value);
          expect(own.every((digit) => digit <= 1n << BigInt(bits - 1) && -digit <= 1n << BigInt(bits - 1))).toBe(true);
        });
      }),
    );
  });
});
