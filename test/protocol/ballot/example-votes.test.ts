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
    'gives a few valid votes of %s %j over %i options, which differ wherever there is a choice',
    (preset, params, options) => {
      const rule = ruleOf(preset, params, options);
      const votes = exampleVotes(rule, options);
      expect(votes.length).toBeGreaterThan(0);
      expect(votes.map((values) => voteProblem(rule, values))).toEqual(votes.map(() => undefined));
      expect(votes.length).toBeLessThan(5);
      expect(new Set(votes.map(String)).size).toBe(votes.length);
      const alone = rule.max.map((_, option) => rule.max.map((most, i) => (i === option && most > 0n ? 1n : 0n)));
      const isForced = preset === 'budget' && alone.slice(0, options).every((values) => voteProblem(rule, values));
      expect(votes.length).toBeGreaterThan(isForced ? 0 : 1);
    },
  );
});
