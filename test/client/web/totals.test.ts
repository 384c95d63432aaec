import { describe, expect, it } from '@jest/globals';
import { blanksOf, totalsOf } from '../../../client/web/results/totals.ts';
import type { UnitResult } from '../../../client/web/service/results-view.ts';

const unit = (state: UnitResult['state'], ballots: number, counts: Record<string, number>): UnitResult => ({
  ...{ contest: 'c', unit: 'u', state, members: 10, ballots, counts },
});

describe('totalsOf', () => {
  it('counts the ballots of a merged unit once: in the unit that took it in', () => {
    const units = [
      unit('open', 7, { yes: 4, no: 2 }),
      unit('merged', 2, { yes: 0, no: 0 }),
      unit('empty', 0, { yes: 0, no: 0 }),
    ];
    expect(totalsOf(['yes', 'no'], units)).toEqual({ counts: { yes: 4, no: 2 }, ballots: 7, members: 30 });
  });
});

describe('blanksOf', () => {
  const totals = { counts: { yes: 4, no: 2 }, ballots: 7, members: 10 };

  it('are the ballots for no option, where a ballot may be for one or none', () => {
    expect(blanksOf({ preset: 'single', params: { blank: true } }, totals)).toBe(1);
  });

  it('are not known where a ballot may be for several, or must be for one', () => {
    expect(blanksOf({ preset: 'approval', params: {} }, totals)).toBeUndefined();
    expect(blanksOf({ preset: 'single', params: {} }, totals)).toBeUndefined();
  });
});
