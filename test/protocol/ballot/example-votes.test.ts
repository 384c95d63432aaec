import { describe, expect, it } from '@jest/globals';
import { exampleVotes } from '../../../protocol/ballot/example-votes.ts';
import { ruleOf } from '../../../protocol/ballot/presets.ts';
import type { PresetParams } from '../../../protocol/ballot/presets.ts';
import { voteProblem } from '../../../protocol/ballot/rules.ts';

const CONTESTS: readonly (readonly [string, PresetParams, number])[] = [
  ['single', {}, 2],
  ['single', { blank: true }, 16],
  ['approval', { max: 3, min: 2 }, 5],
  ['score', { max: 1023 }, 8],
  ['score', { max: 10, total: 7 }, 3],
  ['cumulative', { points: 9, exact: true }, 4],
  ['budget', { prices: [3, 7, 2 ** 32 - 1, 5], budget: 11 }, 4],
  ['budget', { prices: [30, 70], budget: 11 }, 2],
  ['ranking', { ranks: 3 }, 7],
  ['ranking', { ranks: 4, min: 1 }, 4],
  ['quadratic', { credits: 99 }, 6],
];

describe('exampleVotes', () => {
  it.each(CONTESTS)(
    'gives valid votes of %s %j over %i options, which differ in every option that can be chosen',
    (preset, params, options) => {
      const rule = ruleOf(preset, params, options);
      const votes = exampleVotes(rule, options);
      expect(votes.length).toBeGreaterThan(0);
      expect(votes.map((values) => voteProblem(rule, values))).toEqual(votes.map(() => undefined));
      for (let option = 0; option < options; option++) {
        const alone = rule.max.map((most, i) => (i === option && most > 0n ? 1n : 0n));
        const isChoosable = preset !== 'budget' || voteProblem(rule, alone) === undefined;
        expect(new Set(votes.map((values) => values[option])).size).toBeGreaterThan(isChoosable ? 1 : 0);
      }
    },
  );
});
