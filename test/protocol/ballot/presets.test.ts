import { describe, expect, it } from '@jest/globals';
import type { PresetParams } from '../../../protocol/ballot/presets.ts';
import { PRESET_NAMES, definedRule, rankValues, ruleOf } from '../../../protocol/ballot/presets.ts';
import { voteProblem } from '../../../protocol/ballot/rules.ts';

const nulls = (length: number): bigint[] => Array.from({ length }, () => 0n);

describe('ruleOf', () => {
  it('gives every preset of SPEC §8.4 its rule', () => {
    const three: PresetParams = { prices: [10, 20, 30], budget: 40 };
    const table: Record<string, readonly [PresetParams, number, bigint, bigint, readonly bigint[], readonly bigint[]]> =
      {
        single: [{}, 3, 1n, 1n, [1n, 1n, 1n], [1n, 1n, 1n]],
        approval: [{ min: 1, max: 2 }, 3, 1n, 2n, [1n, 1n, 1n], [1n, 1n, 1n]],
        score: [{ max: 5 }, 3, 0n, 15n, [5n, 5n, 5n], [1n, 1n, 1n]],
        cumulative: [{ points: 10, exact: true }, 3, 10n, 10n, [10n, 10n, 10n], [1n, 1n, 1n]],
        budget: [three, 3, 0n, 40n, [1n, 1n, 1n], [10n, 20n, 30n]],
        ranking: [{}, 3, 6n, 6n, [3n, 3n, 3n], [1n, 1n, 1n]],
        quadratic: [{ credits: 100 }, 3, 0n, 100n, [10n, 10n, 10n], [0n, 0n, 0n]],
      };
    expect(Object.keys(table)).toEqual(PRESET_NAMES);
    for (const [preset, [params, options, minTotal, maxTotal, max, price]] of Object.entries(table)) {
      expect(ruleOf(preset, params, options)).toEqual({
        ...{ minTotal, maxTotal, quadratic: preset === 'quadratic', distinct: preset === 'ranking' },
        max: [...max, ...nulls(5)],
        price: [...price, ...nulls(5)],
      });
    }
  });

  it('lets a blank vote through only where the definition says so', () => {
    expect(voteProblem(ruleOf('single', { blank: true }, 2), [0n, 0n])).toBeUndefined();
    expect(voteProblem(ruleOf('single', {}, 2), [0n, 0n])).toBeDefined();
  });

  it.each<readonly [string, PresetParams]>([
    ['single', { blank: 1 }],
    ['single', { blanc: true }],
    ['approval', { max: 4 }],
    ['approval', { min: 3, max: 2 }],
    ['score', {}],
    ['score', { max: 1024 }],
    ['score', { max: 2.5 }],
    ['cumulative', { points: 0 }],
    ['budget', { prices: [1, 2], budget: 3 }],
    ['budget', { prices: [1, 2, 0], budget: 3 }],
    ['budget', { prices: [1, 2, 4_294_967_296], budget: 3 }],
    ['budget', { prices: [1, 2, 3] }],
    ['ranking', { ranks: 4 }],
    ['ranking', { min: 7 }],
    ['quadratic', { credits: 10, max: 4 }],
  ])('refuses %s with %j for three options', (preset, params) => {
    expect(() => ruleOf(preset, params, 3)).toThrow(expect.objectContaining({ code: 'rules/params' }));
  });

  it.each(['plurality', 'constructor', '__proto__'])('refuses the preset %s', (preset) => {
    expect(() => ruleOf(preset, {}, 3)).toThrow(expect.objectContaining({ code: 'rules/preset' }));
  });
});

describe('definedRule', () => {
  it('refuses a contest whose counts could not be searched for', () => {
    expect(definedRule('score', { max: 100 }, 2, 167_000).maxTotal).toBe(200n);
    expect(() => definedRule('score', { max: 100 }, 2, 168_000)).toThrow(
      expect.objectContaining({ code: 'rules/bounds' }),
    );
  });
});

describe('rankValues', () => {
  const rule = ruleOf('ranking', { ranks: 3, min: 0 }, 4);

  it('gives the best option the highest value', () => {
    expect(rankValues(rule, [2, 0])).toEqual([2n, 0n, 3n, ...nulls(5)]);
  });

  it.each([[[1, 1]], [[9]], [[-1]], [[0, 1, 2, 3]]])('refuses the order %j', (order) => {
    expect(() => rankValues(rule, order)).toThrow(expect.objectContaining({ code: 'rules/values' }));
  });
});
