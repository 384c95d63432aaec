import { describe, expect, it } from '@jest/globals';
import { O, add, multiplyBase } from '../../../protocol/math/curve.ts';
import { toScalar } from '../../../protocol/math/field.ts';
import type { EncryptedSums, UnitInput } from '../../../protocol/tally/units.ts';
import { addSums, aggregateUnits } from '../../../protocol/tally/units.ts';

const point = (k: number) => multiplyBase(toScalar(BigInt(k)));
const poll = (nonEmpty: number, k: number): EncryptedSums => ({ nonEmpty, R: point(k), C: [point(2 * k)] });
const rule = { minAnonymitySet: 50, onSmall: 'withhold' as const, lanes: 1 };
const unit = (index: number, mergeInto: number | null, ...polls: EncryptedSums[]): UnitInput => ({
  unit: index,
  mergeInto,
  polls,
});
const states = (units: UnitInput[], onSmall: 'withhold' | 'decrypt' = 'withhold') =>
  aggregateUnits(units, { ...rule, onSmall }).map(({ state, nonEmpty }) => [state, nonEmpty]);

describe('aggregateUnits', () => {
  it('adds the polls of a unit before anything else', () => {
    const [only] = aggregateUnits([unit(7, null, poll(30, 1), poll(20, 2))], rule);
    expect(only).toMatchObject({ unit: 7, state: 'open', nonEmpty: 50, R: point(3), C: [point(6)] });
  });

  it('merges a unit that is too small, with its ciphertexts, and leaves a large one alone', () => {
    const [small, large] = aggregateUnits([unit(0, 1, poll(49, 1)), unit(1, null, poll(60, 2))], rule);
    expect(small).toMatchObject({ state: 'merged', nonEmpty: 49, R: point(1) });
    expect(large).toMatchObject({ state: 'open', nonEmpty: 109, R: add(point(1), point(2)), C: [point(6)] });
    expect(states([unit(0, 1, poll(50, 1)), unit(1, null, poll(60, 2))])).toEqual([
      ['open', 50],
      ['open', 60],
    ]);
  });

  it('follows onSmall for what is still too small after merging', () => {
    const units = [unit(0, 1, poll(10, 1)), unit(1, null, poll(20, 2)), unit(2, null, poll(5, 3))];
    expect(states(units)).toEqual([
      ['merged', 10],
      ['withheld', 30],
      ['withheld', 5],
    ]);
    expect(states(units, 'decrypt')).toEqual([
      ['merged', 10],
      ['open', 30],
      ['open', 5],
    ]);
  });

  it('merges several units into one', () => {
    expect(states([unit(3, 5, poll(25, 1)), unit(4, 5, poll(24, 1)), unit(5, null, poll(1, 1))])).toEqual([
      ['merged', 25],
      ['merged', 24],
      ['open', 50],
    ]);
  });

  it('calls a unit without non-empty slots empty, unless it is merged away', () => {
    const nobody: EncryptedSums = { nonEmpty: 0, R: O, C: [O] };
    expect(states([unit(0, null, nobody), unit(1, 2, nobody), unit(2, null, poll(80, 1))])).toEqual([
      ['empty', 0],
      ['merged', 0],
      ['open', 80],
    ]);
    expect(states([unit(0, null)])).toEqual([['empty', 0]]);
  });

  it.each([
    ['itself', [unit(0, 0, poll(1, 1))]],
    ['a unit of another contest', [unit(0, 9, poll(1, 1))]],
    ['a unit that names another itself', [unit(0, 1, poll(1, 1)), unit(1, 2, poll(1, 1)), unit(2, null, poll(1, 1))]],
  ])('refuses to merge into %s', (_, units) => {
    expect(() => aggregateUnits(units, rule)).toThrow(expect.objectContaining({ code: 'tally/merge' }));
  });
});

describe('addSums', () => {
  it('refuses another number of lanes', () => {
    expect(() => addSums([poll(1, 1)], 2)).toThrow(expect.objectContaining({ code: 'tally/lanes' }));
  });
});
