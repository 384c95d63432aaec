import { useSpeech } from '../frame/visitor.ts';
import { Table } from './figures-table.tsx';
import type { Figures, Span, UnitFigures } from './figures.ts';
import { TurnsOf } from './turns-of.tsx';

/** How the vote went: among how many each ballot is hidden, its rounds, its updates over time. */
export function FiguresOf({ figures }: { readonly figures: Figures }) {
  const { say, number, time } = useSpeech();
  const { spans, rounds, turns, units } = figures;
  return (
    <section aria-labelledby="figures">
      <h2 id="figures">{say('figures.title')}</h2>
      <p class="note">{say('figures.note')}</p>
      <Units units={units} />
      <Table name="rounds" columns={['round', 'from', 'to', 'firsts', 'laters']}>
        {rounds.map((round) => (
          <tr key={round.round}>
            <th scope="row">{number(round.round)}</th>
            <td>{time(round.from)}</td>
            <td>{time(round.to)}</td>
            <Counts span={round} />
          </tr>
        ))}
      </Table>
      <TurnsOf turns={turns} />
      {spans.length > 0 && <Chart spans={spans} />}
      {spans.length > 0 && (
        <details>
          <summary>{say('figures.spans')}</summary>
          <Table name="spans" columns={['from', 'to', 'firsts', 'laters']}>
            {spans.map((span) => (
              <tr key={span.from}>
                <th scope="row">{time(span.from)}</th>
                <td>{time(span.to)}</td>
                <Counts span={span} />
              </tr>
            ))}
          </Table>
        </details>
      )}
    </section>
  );
}

function Counts({ span: { firsts, laters } }: { readonly span: Pick<Span, 'firsts' | 'laters'> }) {
  const { number } = useSpeech();
  return (
    <>
      <td class="number">{number(firsts)}</td>
      <td class="number">{number(laters)}</td>
    </>
  );
}

function Units({ units }: { readonly units: readonly UnitFigures[] }) {
  const { say, title, number, share } = useSpeech();
  return (
    <Table name="units" columns={['contest', 'unit', 'ballots', 'members', 'turnout']}>
      {units.map(({ contest, unit, ballots, members, isSmall }) => (
        <tr key={`${title(contest)} ${unit}`}>
          <th scope="row">{title(contest)}</th>
          <td>{unit}</td>
          <td class="number">
            {number(ballots)}
            {isSmall && <p class="note">{say('figures.small')}</p>}
          </td>
          <td class="number">{number(members)}</td>
          <td class="number">{share(ballots, members)}</td>
        </tr>
      ))}
    </Table>
  );
}

const [WIDTH, HEIGHT, GAP] = [480, 120, 1] as const;

/** Updates over time as columns: first ballots below, later updates on top. Whoever does not see it has the table. */
function Chart({ spans }: { readonly spans: readonly Span[] }) {
  const { say } = useSpeech();
  const most = Math.max(1, ...spans.map(({ firsts, laters }) => firsts + laters));
  const width = WIDTH / spans.length;
  const tall = (count: number): number => (HEIGHT * count) / most;
  return (
    <figure class="columns">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={say('figures.chart')}>
        {spans.map(({ from, firsts, laters }, i) => (
          <g key={from}>
            <rect
              class="firsts"
              x={i * width}
              y={HEIGHT - tall(firsts)}
              width={Math.max(1, width - GAP)}
              height={tall(firsts)}
            />
            <rect
              class="laters"
              x={i * width}
              y={HEIGHT - tall(firsts + laters)}
              width={Math.max(1, width - GAP)}
              height={tall(laters)}
            />
          </g>
        ))}
      </svg>
      <figcaption>
        <span class="key firsts" /> {say('figures.firsts')} <span class="key laters" /> {say('figures.laters')}
      </figcaption>
    </figure>
  );
}
