import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  G,
  O,
  add,
  combinePublic,
  decodePoint,
  encodePoint,
  isIdentity,
  isInSubgroup,
  isOnCurve,
  multiply,
  multiplyBase,
  multiplyPublic,
  negate,
  pointWords,
  subtract,
  sum,
  toPoint,
} from '../../../protocol/math/curve.ts';
import type { Point } from '../../../protocol/math/curve.ts';
import { l, r, toScalar } from '../../../protocol/math/field.ts';

const vectors = JSON.parse(readFileSync('test/vectors/eip-2494.json', 'utf8')) as Record<string, [string, string]>;
const vector = (name: string): Point => ({ x: BigInt(vectors[name]![0]), y: BigInt(vectors[name]![1]) });
const scalar = fc.bigInt({ min: 0n, max: l - 1n }).map(toScalar);
const point = scalar.map(multiplyBase);
// (0, −1) has order 2; with (sqrt(1/a), 0) of order 4 it is in the cofactor's part of the group.
const orderTwo: Point = { x: 0n, y: r - 1n };

describe('BabyJubJub', () => {
  it('adds and doubles as EIP-2494 does', () => {
    expect(add(vector('p1'), vector('p2'))).toEqual(vector('sum'));
    expect(add(vector('p1'), vector('p1'))).toEqual(vector('double'));
    expect(add(vector('p1'), O)).toEqual(vector('p1'));
  });

  it('uses Base8 = 8·Generator of EIP-2494, of order l', () => {
    const twice = (a: Point): Point => add(a, a);
    expect(G).toEqual(vector('base'));
    expect(twice(twice(twice(vector('generator'))))).toEqual(G);
    expect(l).toBe(BigInt(vectors['subgroupOrder'] as unknown as string));
    expect(isIdentity(add(multiplyBase(toScalar(l - 1n)), G))).toBe(true);
  });

  it('is a group', () => {
    fc.assert(
      fc.property(point, point, point, (a, b, c) => {
        expect(add(a, b)).toEqual(add(b, a));
        expect(add(add(a, b), c)).toEqual(add(a, add(b, c)));
        expect(subtract(add(a, b), b)).toEqual(a);
        expect(add(a, negate(a))).toEqual(O);
        expect(sum([a, b, c])).toEqual(add(a, add(b, c)));
      }),
      { numRuns: 20 },
    );
  });

  it('combines points as it multiplies each and adds, of any order and for any integers', () => {
    const any = fc.oneof(point, fc.constantFrom(O, orderTwo));
    const integer = fc.oneof(
      scalar,
      fc.constantFrom(0n, 1n, -1n, l, l + 5n, l * l),
      fc.bigInt({ min: -l, max: 2n * l }),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(any, integer), { maxLength: 5 }), (terms) => {
        const [points, scalars] = [terms.map(([each]) => each), terms.map(([, k]) => k)];
        expect(combinePublic(points, scalars)).toEqual(sum(terms.map(([each, k]) => multiplyPublic(each, k))));
      }),
      { numRuns: 40 },
    );
    expect(() => combinePublic([G, G], [1n])).toThrow();
  });

  it('multiplies secret and public scalars alike', () => {
    fc.assert(
      fc.property(point, scalar, scalar, (a, j, k) => {
        expect(multiply(a, k)).toEqual(multiplyPublic(a, k));
        expect(multiplyPublic(a, k - l)).toEqual(multiply(a, k));
        expect(add(multiplyBase(j), multiplyBase(k))).toEqual(multiplyPublic(G, j + k));
      }),
      { numRuns: 20 },
    );
    expect(multiply(G, toScalar(0n))).toEqual(O);
    expect(multiply(O, toScalar(5n))).toEqual(O);
    expect(multiplyPublic(G, l)).toEqual(O);
    expect(sum([])).toEqual(O);
  });
});

describe('toPoint', () => {
  const refused = (x: bigint, y: bigint): void =>
    expect(() => toPoint(x, y)).toThrow(expect.objectContaining({ code: 'point/invalid' }));

  it('refuses coordinates that are not below r', () => {
    refused(G.x + r, G.y);
    refused(G.x, G.y + r);
    refused(-1n, G.y);
    refused(r, 1n);
  });

  it('refuses points off the curve', () => {
    refused(G.x + 1n, G.y);
    refused(G.y, G.x);
    refused(0n, 0n);
    expect(isOnCurve({ x: G.x, y: G.x })).toBe(false);
  });

  it('refuses points of low order and outside the prime subgroup', () => {
    refused(orderTwo.x, orderTwo.y);
    refused(vector('generator').x, vector('generator').y);
    const mixed = add(G, orderTwo);
    expect(isOnCurve(mixed)).toBe(true);
    expect(isInSubgroup(mixed)).toBe(false);
    refused(mixed.x, mixed.y);
  });

  it('refuses O unless it is allowed', () => {
    refused(0n, 1n);
    expect(toPoint(0n, 1n, { allowIdentity: true })).toEqual(O);
    expect(isInSubgroup(O)).toBe(true);
  });
});

describe('decodePoint', () => {
  it('inverts encodePoint', () => {
    fc.assert(
      fc.property(point, (a) => expect(decodePoint(encodePoint(a), { allowIdentity: true })).toEqual(a)),
      { numRuns: 20 },
    );
    expect(pointWords(G, O)).toEqual([G.x, G.y, 0n, 1n]);
  });

  it('refuses every flipped bit', () => {
    const text = encodePoint(G);
    for (let bit = 0; bit < 512; bit += 7) {
      const digit = 2 + (bit >> 2);
      const flipped = (parseInt(text[digit]!, 16) ^ (1 << (bit & 3))).toString(16);
      expect(() => decodePoint(text.slice(0, digit) + flipped + text.slice(digit + 1))).toThrow(
        expect.objectContaining({ code: 'point/invalid' }),
      );
    }
  });

  it('refuses trailing bytes, short input, upper case and what is not text', () => {
    const text = encodePoint(G);
    for (const bad of [`${text}00`, text.slice(0, -2), text.toUpperCase(), text.slice(2), '', undefined, 7, null]) {
      expect(() => decodePoint(bad)).toThrow(expect.objectContaining({ code: 'encoding/hex' }));
    }
  });
});
