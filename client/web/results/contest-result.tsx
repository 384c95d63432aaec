import type { Contest } from '../../../protocol/definition/definition.ts';
import { useSpeech } from '../frame/visitor.ts';
import type { UnitResult } from '../service/results-view.ts';
import { Bars } from './bars.tsx';
import type { Totals } from './totals.ts';
import { blanksOf, totalsOf } from './totals.ts';

interface ContestResultProps {
  readonly contest: Contest;
  readonly units: readonly UnitResult[];
}

/** A contest's count: the table first, the same as bars, then each unit. */
export function ContestResult({ contest, units }: ContestResultProps) {
  const { say, title } = useSpeech();
  const ids = contest.options.map(({ id }) => id);
  const totals = totalsOf(ids, units);
  const heading = `contest-${contest.id}`;
  return (
    <section class="contest" aria-labelledby={heading}>
      <h2 id={heading}>{title(contest.title)}</h2>
      <p class="note">{say(`preset.${contest.preset}`)}</p>
      <div class="result">
        <CountTable
          contest={contest}
          totals={totals}
          caption={say('results.table-of', { contest: title(contest.title) })}
        />
        <Bars contest={contest} counts={totals.counts} />
      </div>
      <Turnout totals={totals} />
      {units.length > 1 && <Units contest={contest} units={units} />}
      <p class="screen">
        <a href={linkTo(contest.id)}>{say('results.link')}</a>
      </p>
    </section>
  );
}

/** The address of one contest's results, stable, with service and language as they are. */
function linkTo(contest: string): string {
  const query = new URLSearchParams(location.search);
  query.set('contest', contest);
  return `?${query.toString()}`;
}

interface CountTableProps {
  readonly contest: Contest;
  readonly totals: Totals;
  readonly caption: string;
}

function CountTable({ contest, totals, caption }: CountTableProps) {
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

function Turnout({ totals: { ballots, members } }: { readonly totals: Totals }) {
  const { say, number, share } = useSpeech();
  return (
    <dl class="turnout">
      <dt>{say('results.ballots')}</dt>
      <dd>{number(ballots)}</dd>
      <dt>{say('results.members')}</dt>
      <dd>{number(members)}</dd>
      <dt>{say('results.turnout')}</dt>
      <dd>{share(ballots, members)}</dd>
    </dl>
  );
}

function Units({ contest, units }: ContestResultProps) {
  const { say, title } = useSpeech();
  return (
    <details>
      <summary>{say('results.units')}</summary>
      {units.map((unit) => {
        const name = say('results.unit', { unit: unit.unit });
        const caption = `${title(contest.title)} – ${name}: ${say(`results.state.${unit.state}`)}`;
        return unit.state === 'open' ? (
          <CountTable key={unit.unit} contest={contest} totals={unit} caption={caption} />
        ) : (
          <p key={unit.unit}>{caption}</p>
        );
      })}
    </details>
  );
}
