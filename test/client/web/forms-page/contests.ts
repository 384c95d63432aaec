import type { Contest } from '../../../../protocol/definition/definition.ts';

const same = (text: string): Contest['title'] => ({ en: text, fr: text, ru: text });
const contest = (id: string, preset: string, params: Contest['params'], names: readonly string[]): Contest => ({
  ...{ id, preset, params, title: same(`Contest ${id}`), onSmall: 'withhold', units: [] },
  options: names.map((name) => ({ id: name.toLowerCase(), title: same(name) })),
});

/** A contest of every preset. */
export const CONTESTS: readonly Contest[] = [
  contest('single', 'single', { blank: true }, ['Yes', 'No']),
  contest('approval', 'approval', { min: 1, max: 2 }, ['Albers', 'Bianchi', 'Cohen']),
  contest('budget', 'budget', { prices: [25_000, 60_000, 40_000], budget: 100_000 }, ['Trees', 'School', 'Pool']),
  contest('score', 'score', { max: 5 }, ['Red', 'Green', 'Blue']),
  contest('cumulative', 'cumulative', { points: 10, exact: true }, ['Mon', 'Tue', 'Wed']),
  contest('quadratic', 'quadratic', { credits: 20 }, ['North', 'East', 'South']),
  contest('ranking', 'ranking', { ranks: 3, min: 3 }, ['Ada', 'Bo', 'Cy', 'Di']),
];
