import type { Contest } from '../../../protocol/definition/definition.ts';
import { useSpeech } from '../frame/visitor.ts';
import type { Totals } from './totals.ts';
import { blanksOf } from './totals.ts';

interface CountTableProps {
  readonly contest: Contest;
  readonly totals: Totals;
  readonly caption: string;
}

/** The counts of a contest's options, over all units or in one, with each one's share. */
export function CountTable({ contest, totals, caption }: CountTableProps) {
  const { say, title, number, share } = useSpeech();
  const blanks = blanksOf(contest, totals);
  const all = total(totals.counts) + (blanks ?? 0);
  return (
    <table>
      <caption>{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{say('results.option')}</th>
          <th scope="col" class="number">
            {say('results.count')}
          </th>
          <th scope="col" class="number">
            {say('results.share')}
          </th>
        </tr>
      </thead>
      <tbody>
        {contest.options.map(({ id, title: name }) => (
          <tr key={id}>
            <th scope="row">{title(name)}</th>
            <td class="number">{number(totals.counts[id] ?? 0)}</td>
            <td class="number">{share(totals.counts[id] ?? 0, all)}</td>
          </tr>
        ))}
        {blanks !== undefined && (
          <tr>
            <th scope="row">{say('results.blank')}</th>
            <td class="number">{number(blanks)}</td>
            <td class="number">{share(blanks, all)}</td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

function total(counts: Totals['counts']): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
