import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { G, O, add, multiplyPublic, negate } from '../../../protocol/math/curve.ts';
import { createCountSearch, countPoint } from '../../../protocol/tally/search/find-counts.ts';
import { NO_U, makeWindow, sweep, uOf } from '../../../protocol/tally/search/sweep.ts';
import { buildTable } from '../../../protocol/tally/search/table.ts';

const search = createCountSearch();

describe('createCountSearch', () => {
  it('finds every pair within small bounds, also at the corners', () => {
    for (let first = 0; first <= 5; first++) {
      for (let second = 0; second <= 3; second++) {
        expect(search.find(countPoint({ first, second }), { first: 5, second: 3 })).toEqual({ first, second });
        expect(search.find(countPoint({ first: second, second: first }), { first: 3, second: 5 })).toEqual({
          first: second,
          second: first,
        });
      }
    }
  });

  it('finds any pair within any bounds', () => {
    const bound = fc.oneof(fc.constant(0), fc.constant(1), fc.integer({ min: 0, max: 3000 }));
    fc.assert(
      fc.property(
        bound,
        bound,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (b, c, p, q) => {
          const pair = { first: Math.round(b * p), second: Math.round(c * q) };
          expect(createCountSearch().find(countPoint(pair), { first: b, second: c })).toEqual(pair);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('finds counts with a table far smaller than the bounds, along either dimension', () => {
    const small = createCountSearch(3);
    expect(small.find(countPoint({ first: 997, second: 2 }), { first: 1000, second: 2 })).toEqual({
      first: 997,
      second: 2,
    });
    expect(small.find(countPoint({ first: 40, second: 39 }), { first: 40, second: 50 })).toEqual({
      first: 40,
      second: 39,
    });
  });

  it('finds nothing outside the bounds: not one above, not below zero, not the shifted pair', () => {
    const bounds = { first: 100, second: 100 };
    expect(search.find(countPoint({ first: 101, second: 0 }), bounds)).toBeUndefined();
    expect(search.find(countPoint({ first: 0, second: 101 }), bounds)).toBeUndefined();
    expect(search.find(negate(G), bounds)).toBeUndefined();
    expect(search.find(multiplyPublic(G, 123456789123n), bounds)).toBeUndefined();
    const shifted = { first: 5 + 2 ** 32, second: 6 };
    expect(search.find(countPoint(shifted), bounds)).toEqual({ first: 5, second: 7 });
  });

  it('reports progress that grows to at most 1', () => {
    const seen: number[] = [];
    createCountSearch(16).find(multiplyPublic(G, 1n << 60n), { first: 20_000, second: 1 }, (done) => seen.push(done));
    expect(seen.length).toBeGreaterThan(2);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.at(-1)).toBeLessThanOrEqual(1);
  });

  it.each([
    { first: 2 ** 24, second: 2 ** 24 },
    { first: 2 ** 32, second: 0 },
    { first: -1, second: 0 },
    { first: 0.5, second: 0 },
  ])('refuses to search %o', (bounds) => {
    expect(() => search.find(G, bounds)).toThrow(expect.objectContaining({ code: 'tally/bounds' }));
  });
});

describe('sweep', () => {
  it.each([1, 2, 3, 7, 50, 333])('visits every one of %i points once, through O and doublings', (count) => {
    for (const from of [-3n, 0n, 5n, -20n]) {
      const seen = new Map<number, bigint>();
      sweep(multiplyPublic(G, from), makeWindow(G, count), count, (u, index) => {
        expect(seen.has(index)).toBe(false);
        seen.set(index, u);
        return false;
      });
      expect(seen.size).toBe(count);
      for (const [index, u] of seen) expect(u).toBe(uOf(multiplyPublic(G, from + BigInt(index))));
    }
  });

  it('ends when a visit says so', () => {
    let visits = 0;
    expect(sweep(G, makeWindow(G, 100), 100, () => ++visits === 5)).toBe(true);
    expect(visits).toBe(5);
  });
});

describe('buildTable', () => {
  it('knows all multiples up to its size and no others', () => {
    const table = buildTable(G, 40);
    for (let i = 1; i <= 40; i++) expect(table.find(uOf(multiplyPublic(G, BigInt(i))))).toContain(i);
    expect(table.find(uOf(multiplyPublic(G, -17n)))).toContain(17);
    expect(table.find(NO_U)).toEqual([0]);
    expect(table.find(uOf(O))).toEqual([0]);
    expect(table.find(uOf(multiplyPublic(G, 41n)))).toEqual([]);
    expect(table.find(uOf(add(G, multiplyPublic(G, 1n << 32n))))).toEqual([]);
  });
});
