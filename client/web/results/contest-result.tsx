import type { Contest, Definition } from '../../../protocol/definition/definition.ts';
import { useSpeech } from '../frame/visitor.ts';
import type { UnitResult } from '../service/results-view.ts';
import { Bars } from './bars.tsx';
import { CountTable } from './count-table.tsx';
import type { Totals } from './totals.ts';
import { totalsOf } from './totals.ts';
import { Units } from './units.tsx';

export interface ContestResultProps {
  readonly definition: Definition;
  readonly contest: Contest;
  readonly units: readonly UnitResult[];
}

/** A contest's count: the table first, the same as bars, then each unit. */
export function ContestResult({ definition, contest, units }: ContestResultProps) {
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
      {units.length > 1 && <Units {...{ definition, contest, units }} />}
    </section>
  );
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
