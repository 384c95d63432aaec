import { at } from '../errors.ts';
import { rankValues } from './presets.ts';
import type { Rule } from './rules.ts';
import { totalCost, voteProblem } from './rules.ts';

/** With more, preparing takes longer, a witness each; the proof itself was not measurably faster for it. */
const FEW = 4;

/**
 * A few valid votes, for all options, for some, for one or none: what a voter may choose, before it is known. Nobody's choice goes into them. At
 * least one; two or more wherever the rule leaves a choice.
 *
 * @param options - number of options; the circuit's further places stay 0
 */
export function exampleVotes(rule: Rule, options: number): bigint[][] {
  // Votes for half of the options differ in their sums from those for all and for one.
  const votes = [options, Math.ceil(options / 2), 1].flatMap((count) =>
    Array.from({ length: options }, (_, first) => {
      const order = Array.from({ length: count }, (_each, i) => (first + i) % options);
      return rule.distinct ? ranked(rule, order) : filled(rule, order);
    }),
  );
  const blank = rule.max.map(() => 0n);
  const different = [...new Map([...votes, blank].map((values) => [values.join(), values])).values()];
  const valid = different.filter((values) => voteProblem(rule, values) === undefined);
  const places = Array.from({ length: FEW }, (_, i) => Math.floor((i * (valid.length - 1)) / (FEW - 1)));
  return [...new Set(places)].map((place) => at(valid, place));
}

function ranked(rule: Rule, order: readonly number[]): bigint[] {
  return rankValues(rule, order.slice(0, Number(at(rule.max, 0))));
}

/** Gives each option in turn as much as the rule leaves. */
function filled(rule: Rule, order: readonly number[]): bigint[] {
  const values = rule.max.map(() => 0n);
  for (const option of order) {
    let [low, high] = [0n, at(rule.max, option)];
    // Cost grows with the value: the largest that fits, by bisection.
    while (low < high) {
      const middle = (low + high + 1n) / 2n;
      if (totalCost(rule, values.with(option, middle)) <= rule.maxTotal) low = middle;
      else high = middle - 1n;
    }
    values[option] = low;
  }
  return values;
}
