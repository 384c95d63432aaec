import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  invert,
  l,
  mod,
  modField,
  modScalar,
  p,
  r,
  scalarFromBytes,
  toField,
  toScalar,
} from '../../../protocol/math/field.ts';

const code = (expected: string): unknown => expect.objectContaining({ code: expected });

describe('toField and toScalar', () => {
  it('take exactly the canonical range', () => {
    expect(toField(0n)).toBe(0n);
    expect(toField(r - 1n)).toBe(r - 1n);
    expect(toScalar(l - 1n)).toBe(l - 1n);
    for (const x of [r, r + 1n, -1n, p]) expect(() => toField(x)).toThrow(code('field/range'));
    for (const x of [l, l + 1n, -1n, r]) expect(() => toScalar(x)).toThrow(code('scalar/range'));
  });
});

describe('mod', () => {
  it('lands in [0, m) and keeps the class, for negative numbers too', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.constantFrom(l, r, p, 2n), (x, m) => {
        const rest = mod(x, m);
        expect(rest >= 0n && rest < m).toBe(true);
        expect((x - rest) % m).toBe(0n);
      }),
    );
    expect(modScalar(-1n)).toBe(l - 1n);
    expect(modField(r)).toBe(0n);
  });
});

describe('invert', () => {
  it('inverts every class but zero', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: l - 1n }), fc.constantFrom(l, r, p), (x, m) => {
        expect(mod(x * invert(x, m), m)).toBe(1n);
        expect(invert(x - m, m)).toBe(invert(x, m));
      }),
    );
    for (const m of [l, r]) for (const x of [0n, m, -m]) expect(() => invert(x, m)).toThrow(code('field/zero'));
  });
});

describe('scalarFromBytes', () => {
  it('reduces 48 big-endian bytes mod l', () => {
    const bytes = new Uint8Array(48);
    bytes[47] = 5;
    expect(scalarFromBytes(bytes)).toBe(5n);
    expect(scalarFromBytes(new Uint8Array(48).fill(255))).toBe((2n ** 384n - 1n) % l);
  });

  it('refuses any other number of bytes', () => {
    for (const length of [0, 32, 47, 49])
      expect(() => scalarFromBytes(new Uint8Array(length))).toThrow(code('scalar/bytes'));
  });
});
