import { describe, expect, it } from '@jest/globals';
import * as form from '../../../client/web/voter/ballot/ballot-draft.ts';
import type { PresetParams } from '../../../protocol/ballot/presets.ts';
import { PRESET_NAMES } from '../../../protocol/ballot/presets.ts';

function draftOf(preset: string, params: PresetParams, options = 3) {
  const names = Array.from({ length: options }, (_, i) => ({ id: `o${i}`, name: { en: `Option ${i}` } }));
  return form.emptyDraft({ preset, params, options: names } as unknown as Parameters<typeof form.emptyDraft>[0]);
}

describe('a ballot that is being filled in', () => {
  it('has a form for every preset', () => {
    const params: Record<string, PresetParams> = {
      ...{ cumulative: { points: 5 }, budget: { prices: [1, 2, 3], budget: 4 } },
      ...{ quadratic: { credits: 9 }, score: { max: 5 } },
    };
    for (const preset of PRESET_NAMES) expect(draftOf(preset, params[preset] ?? {}).order).toEqual([]);
  });

  it('moves the one mark, and takes a blank vote only when it is asked for', () => {
    const empty = draftOf('single', { blank: true });
    expect(form.draftProblem(empty)).toEqual({ kind: 'empty' });
    const second = form.mark(form.mark(empty, 0, true), 1, true);
    expect(form.draftValues(second).slice(0, 3)).toEqual([0n, 1n, 0n]);
    expect(form.mayAdd(second, 0)).toBe(true);
    const blank = form.chooseBlank(second);
    expect(form.draftProblem(blank) ?? form.undervote(blank)).toBeUndefined();
    expect(form.draftValues(blank).every((value) => value === 0n)).toBe(true);
    expect(form.draftProblem(form.mark(blank, 2, true))).toBeUndefined();
    expect(() => form.chooseBlank(draftOf('single', {}))).toThrow('no blank vote');
  });

  it('warns of unused marks, stops at too many', () => {
    const one = form.mark(draftOf('approval', { min: 1, max: 2 }), 0, true);
    expect(form.undervote(one)).toEqual({ kind: 'unused', left: 1n });
    const two = form.mark(one, 1, true);
    expect([form.undervote(two), form.mayAdd(two, 2)]).toEqual([undefined, false]);
    const three = form.mark(two, 2, true);
    expect(form.draftProblem(three)).toEqual({ kind: 'above', total: 3n, most: 2n });
    expect(() => form.draftValues(three)).toThrow('breaks the rule');
    expect(form.undervote(draftOf('approval', {}))).toEqual({ kind: 'blank' });
    expect(form.undervote(form.mark(draftOf('approval', {}), 0, true))).toBeUndefined();
  });

  it('sums prices and credits', () => {
    const budget = form.mark(draftOf('budget', { prices: [10, 20, 30], budget: 40 }), 1, true);
    expect(form.runningSum(budget)).toEqual({ total: 20n, left: 20n });
    expect([0, 1, 2].map((i) => form.mayAdd(budget, i))).toEqual([true, false, false]);
    const credits = form.setAmount(draftOf('quadratic', { credits: 9 }), 0, 2n);
    expect(form.runningSum(credits).left).toBe(5n);
    expect([form.mayAdd(credits, 0), form.mayAdd(form.setAmount(credits, 1, 1n), 0)]).toEqual([true, false]);
  });

  it('keeps a number that is too large, and names it', () => {
    const wide = form.setAmount(draftOf('score', { max: 5 }), 2, 6n);
    expect(form.draftProblem(wide)).toEqual({ kind: 'value', option: 2, most: 5n });
    const exact = form.setAmount(draftOf('cumulative', { points: 10, exact: true }), 0, 4n);
    expect(form.draftProblem(exact)).toEqual({ kind: 'below', total: 4n, least: 10n });
    expect(['', ' 7 '].map(form.amountOf)).toEqual([0n, 7n]);
    for (const text of ['-1', '1.5', '1e3', '1234567']) expect(form.amountOf(text)).toBeUndefined();
    expect(() => form.setAmount(wide, 3, 1n)).toThrow('no such option');
  });

  it('ranks, moves and takes out', () => {
    const empty = draftOf('ranking', { ranks: 2, min: 2 });
    expect(form.draftProblem(empty)).toEqual({ kind: 'empty' });
    const first = form.rank(empty, 2, 0);
    expect(form.undervote(first)).toEqual({ kind: 'places', left: 1 });
    const both = form.rank(first, 0, 0);
    expect([both.order, both.values.slice(0, 3)]).toEqual([
      [0, 2],
      [2n, 0n, 1n],
    ]);
    expect(form.mayAdd(both, 1)).toBe(false);
    expect(() => form.rank(both, 1, 2)).toThrow('more places than ranks');
    expect(form.rank(form.rank(both, 0, 1), 2, undefined).order).toEqual([0]);
    const whole = form.rank(draftOf('ranking', {}), 1, 0);
    expect(form.draftProblem(whole)).toEqual({ kind: 'places', ranked: 1, least: 3 });
  });
});
