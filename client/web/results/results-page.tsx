import type { Definition } from '../../../protocol/definition/definition.ts';
import { isEmbedded } from '../frame/embedded.ts';
import { useSpeech } from '../frame/visitor.ts';
import type { ElectionView } from '../service/election-view.ts';
import { fetchElection } from '../service/election-view.ts';
import { LoadedPage } from '../service/loaded-page.tsx';
import type { ResultsView } from '../service/results-view.ts';
import { fetchResults } from '../service/results-view.ts';
import { serviceOf } from '../service/where.ts';
import { ContestResult } from './contest-result.tsx';
import { Downloads } from './downloads.tsx';
import { Embed, WholePage } from './embed.tsx';

interface Answers {
  readonly view: ElectionView;
  readonly results: ResultsView | undefined;
}

async function load(): Promise<Answers> {
  const service = serviceOf(location);
  const [view, results] = await Promise.all([fetchElection(service), fetchResults(service)]);
  return { view, results };
}

/** The results: of every contest, or of the one that the address names (`?contest=id`), so that one can be linked to and (`?embed`) shown in another page. */
export function ResultsPage({ found }: { readonly found: (definition: Definition) => void }) {
  return (
    <LoadedPage load={load} title="results.title" found={found}>
      {(answers) => <Titled {...answers} />}
    </LoadedPage>
  );
}

function Titled(answers: Answers) {
  const { say } = useSpeech();
  return (
    <>
      <h1>{say('results.title')}</h1>
      <All {...answers} />
    </>
  );
}

function All({ view, results }: Answers) {
  const { say, time, number } = useSpeech();
  if (results === undefined) return <p>{say('results.none')}</p>;
  const state = results.certified ? 'certified' : 'provisional';
  const only = new URLSearchParams(location.search).get('contest');
  const { definition } = view;
  const contests = definition.contests.filter(({ id }) => only === null || id === only);
  if (contests.length === 0) return <p>{say('results.no-contest')}</p>;
  return (
    <>
      <p class={`phase ${results.certified ? 'certified' : 'counted'}`}>{say(`results.${state}`)}</p>
      <p>{say(`results.${state}-why`)}</p>
      <p class="note">{say('home.as-of', { block: number(view.block), time: time(view.time) })}</p>
      {contests.map((contest) => {
        const units = results.units.filter(({ contest: id }) => id === contest.id);
        return (
          <div key={contest.id}>
            <ContestResult {...{ definition, contest, units }} />
            {!isEmbedded(location.search) && <Embed contest={contest} />}
          </div>
        );
      })}
      {isEmbedded(location.search) ? <WholePage /> : <Further />}
    </>
  );
}

/** The numbers as files, and why they can be relied on. */
function Further() {
  const { say } = useSpeech();
  return (
    <>
      <Downloads service={serviceOf(location)} />
      <section aria-labelledby="checked">
        <h2 id="checked">{say('results.checked')}</h2>
        <p>{say('results.checked-contract')}</p>
        <p>{say('results.checked-self')}</p>
        <p class="screen buttons">
          <a class="button" href={`../observe/${location.search}`}>
            {say('results.verify')}
          </a>
          <a class="button" href={`../checked/${location.search}`}>
            {say('checked.more')}
          </a>
        </p>
      </section>
    </>
  );
}
