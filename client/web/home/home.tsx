import type { Definition } from '../../../protocol/definition/definition.ts';
import { useSpeech } from '../frame/visitor.ts';
import type { ElectionView } from '../service/election-view.ts';
import { fetchElection, phaseText } from '../service/election-view.ts';
import { LoadedPage } from '../service/loaded-page.tsx';
import type { UnitTurnout } from '../service/turnout-view.ts';
import { fetchTurnout } from '../service/turnout-view.ts';
import { serviceOf } from '../service/where.ts';
import { Fingerprint } from './fingerprint.tsx';

interface Overview {
  readonly view: ElectionView;
  readonly turnout: readonly UnitTurnout[];
}

async function load(): Promise<Overview> {
  const service = serviceOf(location);
  const [view, turnout] = await Promise.all([fetchElection(service), fetchTurnout(service)]);
  return { view, turnout };
}

/** The election: where it stands, when what happens, and what is decided. */
export function Home({ found }: { readonly found: (definition: Definition) => void }) {
  return (
    <LoadedPage load={load} title="frame.election" found={found}>
      {(overview) => <Overview {...overview} />}
    </LoadedPage>
  );
}

function Overview({ view, turnout }: Overview) {
  const { say, title, time, number } = useSpeech();
  const { definition, phase, block } = view;
  const hasResults = phase === 'counted' || phase === 'certified';
  return (
    <>
      <h1>{title(definition.title)}</h1>
      <section aria-labelledby="state">
        <h2 id="state">{say('home.phase')}</h2>
        <p class={`phase ${phase}`}>{say(phaseText(view))}</p>
        <p class="note">{say('home.as-of', { block: number(block), time: time(view.time) })}</p>
        {hasResults && (
          <p>
            <a class="button" href={`results/${location.search}`}>
              {say('home.see-results')}
            </a>
          </p>
        )}
      </section>
      <Times view={view} />
      <section aria-labelledby="contests">
        <h2 id="contests">{say('home.contests')}</h2>
        {definition.contests.map((contest) => (
          <ContestOf
            key={contest.id}
            contest={contest}
            turnout={turnout.filter(({ contest: id }) => id === contest.id)}
          />
        ))}
      </section>
      <Fingerprint hash={view.definitionHash} />
    </>
  );
}

function Times({ view }: { readonly view: ElectionView }) {
  const { say, time } = useSpeech();
  const { registrationOpens, registrationCloses } = view.definition.times;
  const span = (from: number, to: number): string => say('home.span', { from: time(from), to: time(to) });
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return (
    <section aria-labelledby="times">
      <h2 id="times">{say('home.times')}</h2>
      <dl>
        <dt>{say('home.registration')}</dt>
        <dd>{span(registrationOpens, registrationCloses)}</dd>
        <dt>{say('home.voting')}</dt>
        <dd>{span(view.opensAt, view.closesAt)}</dd>
        <dt>{say('home.last')}</dt>
        <dd>{time(view.graceEndsAt)}</dd>
      </dl>
      <p class="note">{say('home.zone', { zone: timeZone })}</p>
    </section>
  );
}

interface ContestProps {
  readonly contest: Definition['contests'][number];
  readonly turnout: readonly UnitTurnout[];
}

function ContestOf({ contest, turnout }: ContestProps) {
  const { say, title, number } = useSpeech();
  const sum = (of: (unit: UnitTurnout) => number): number => turnout.reduce((total, unit) => total + of(unit), 0);
  const members = sum((unit) => unit.members);
  const ballots = sum((unit) => unit.ballots);
  return (
    <article class="contest">
      <h3>{title(contest.title)}</h3>
      <p class="note">{say(`preset.${contest.preset}`)}</p>
      <ul aria-label={say('home.options')}>
        {contest.options.map((option) => (
          <li key={option.id}>{title(option.title)}</li>
        ))}
      </ul>
      <p>
        {members === 0
          ? say('home.no-roll')
          : say('home.turnout-of', { ballots: number(ballots), members: number(members) })}
      </p>
    </article>
  );
}
