import type { Results } from './results.ts';

/**
 * One line an option and unit (RFC 4180): `status` is `certified` or `provisional`. Ids are slugs and the rest are numbers, so that nothing
 * in it can be taken for a formula by a spreadsheet.
 */
export function resultsCsv({ certified, assurance, units }: Results): string {
  const status = certified ? 'certified' : 'provisional';
  const lines = units.flatMap(({ contest, unit, state, voters, members, ballots, counts }) =>
    Object.entries(counts).map(([option, count]) =>
      [contest, unit, state, voters, members, ballots, option, count, status, assurance].join(','),
    ),
  );
  const head = 'contest,unit,state,voters,members,ballots,option,count,status,assurance';
  return [head, ...lines].map((line) => `${line}\r\n`).join('');
}
