import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ruleOf } from '../../../protocol/ballot/presets.ts';
import type { Rule } from '../../../protocol/ballot/rules.ts';
import {
  circuitName,
  lanesFor,
  padValues,
  ruleProblem,
  totalCost,
  voteProblem,
} from '../../../protocol/ballot/rules.ts';

const single = ruleOf('single', {}, 2);
const changed = (changes: Partial<Rule>): Rule => ({ ...single, ...changes });

describe('lanesFor and circuitName', () => {
  it('give the smallest circuit', () => {
    const named = [1, 2, 3, 8, 9, 16].map((options) => circuitName(lanesFor(options)));
    expect(named).toEqual(['ballot-2', 'ballot-2', 'ballot-8', 'ballot-8', 'ballot-16', 'ballot-16']);
  });

  it.each([0, 17, 1.5])('refuse %s options', (options) => {
    expect(() => lanesFor(options)).toThrow(expect.objectContaining({ code: 'rules/options' }));
  });

  it('refuse a number of lanes without circuit', () => {
    expect(() => circuitName(2)).toThrow(expect.objectContaining({ code: 'rules/lanes' }));
  });
});

describe('ruleProblem', () => {
  it('accepts a rule at every bound', () => {
    expect(ruleProblem(single, 1, (1 << 20) - 1)).toBeUndefined();
    const widest = changed({ max: [1023n, 1023n], price: [4_294_967_295n, 1n], maxTotal: 4_294_967_295n });
    // 16400·1023 + 1 is 2^24 - 15
    expect(ruleProblem(widest, 1, 16_400)).toBeUndefined();
  });

  it.each<readonly [string, Partial<Rule>, number, RegExp]>([
    ['another number of places', { max: [1n] }, 10, /entries/],
    ['a value that has no ten digits', { max: [1024n, 1n] }, 10, /option 0/],
    ['a price above 32 bits', { price: [1n, 1n << 32n] }, 10, /price of option 1/],
    ['a total above 32 bits', { maxTotal: 1n << 32n }, 10, /maxTotal/],
    ['a minimum above the maximum', { minTotal: 2n }, 10, /minTotal is above/],
    ['a minimum nobody can reach', { minTotal: 3n, maxTotal: 3n }, 10, /no ballot/],
    ['a rule under which nothing can be chosen', { max: [0n, 0n], minTotal: 0n }, 10, /no ballot/],
    ['counts that leave their half of a lane', { max: [1023n, 0n], maxTotal: 1023n }, 1 << 23, /counts of options 0/],
    ['counts nobody could search for', { max: [1023n, 1023n], maxTotal: 9n }, 16_401, /counts of options 0 and 1/],
  ])('refuses %s', (_, changes, voters, message) => {
    expect(ruleProblem(changed(changes), 1, voters)).toMatch(message);
  });
});

describe('voteProblem', () => {
  it.each<readonly [string, Rule, readonly bigint[], RegExp]>([
    ['a value above max', single, [2n, 0n], /option 0 may have 0 to 1/],
    ['a negative value', changed({ minTotal: 0n }), [-1n, 1n], /option 0/],
    ['a total below the minimum', single, [0n, 0n], /at least 1/],
    ['a total above the maximum', single, [1n, 1n], /at most 1/],
    ['equal ranks', ruleOf('ranking', { min: 0 }, 2), [1n, 1n], /same rank/],
    ['credits spent twice', ruleOf('quadratic', { credits: 9 }, 2), [3n, 1n], /at most 9/],
  ])('refuses %s', (_, rule, values, message) => {
    expect(voteProblem(rule, values)).toMatch(message);
  });

  it('lets options share the rank 0', () => {
    expect(voteProblem(ruleOf('ranking', { min: 0 }, 2), [0n, 0n])).toBeUndefined();
  });

  it('throws for another number of values', () => {
    expect(() => voteProblem(single, [1n])).toThrow(expect.objectContaining({ code: 'rules/values' }));
  });

  it('agrees with the rule’s own words on any values', () => {
    const rule = ruleOf('quadratic', { credits: 50 }, 4);
    const value = fc.bigInt({ min: 0n, max: 8n });
    fc.assert(
      fc.property(fc.array(value, { minLength: 4, maxLength: 4 }), (values) => {
        const padded = padValues(rule, values);
        const valid = values.every((v) => v <= 7n) && values.reduce((sum, v) => sum + v * v, 0n) <= 50n;
        expect(voteProblem(rule, padded) === undefined).toBe(valid);
      }),
    );
  });
});

describe('totalCost and padValues', () => {
  it('count prices, or squares', () => {
    expect(totalCost(changed({ price: [3n, 5n] }), [1n, 2n])).toBe(13n);
    expect(totalCost(changed({ quadratic: true, price: [0n, 0n] }), [3n, 4n])).toBe(25n);
  });

  it('refuse more values than places', () => {
    expect(padValues(single, [1n])).toEqual([1n, 0n]);
    expect(() => padValues(single, [1n, 0n, 0n])).toThrow(expect.objectContaining({ code: 'rules/values' }));
  });
});
