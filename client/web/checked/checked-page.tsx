import { Fragment } from 'preact';
import { CHECK_TITLES } from '../../../protocol/checks/titles.ts';
import type { Definition } from '../../../protocol/definition/definition.ts';
import type { RecordHead } from '../../../protocol/record/head.ts';
import { HEAD_FILE, MAX_HEAD, decodeHead } from '../../../protocol/record/head.ts';
import { getBytes } from '../../http/ask.ts';
import { useSpeech } from '../frame/visitor.ts';
import { inGroups } from '../home/fingerprint.tsx';
import type { ElectionView } from '../service/election-view.ts';
import { fetchElection } from '../service/election-view.ts';
import { LoadedPage } from '../service/loaded-page.tsx';
import { serviceOf } from '../service/where.ts';

interface Answers {
  readonly view: ElectionView;
  readonly head: RecordHead;
}

async function load(): Promise<Answers> {
  const service = serviceOf(location);
  const [view, head] = await Promise.all([
    fetchElection(service),
    getBytes(service, `/v1/record/${HEAD_FILE}`, { maxBytes: MAX_HEAD }),
  ]);
  return { view, head: decodeHead(head) };
}

/** What was checked of an election, by whom, and how anybody checks it again. */
export function CheckedPage({ found }: { readonly found: (definition: Definition) => void }) {
  return (
    <LoadedPage load={load} title="results.checked" found={found}>
      {(answers) => <Checked {...answers} />}
    </LoadedPage>
  );
}

function Checked(answers: Answers) {
  const { say } = useSpeech();
  return (
    <>
      <h1>{say('results.checked')}</h1>
      <ByWhom definition={answers.view.definition} />
      <Yourself {...answers} />
      <WhichChecks />
    </>
  );
}

/** Who has to have checked what for an election to come this far: the contracts and offices refuse to go on otherwise. */
function ByWhom({ definition: { officers, trustees, boxes } }: { readonly definition: Definition }) {
  const { say, number } = useSpeech();
  const rows = [
    ['chain', [], {}],
    ['boxes', boxes.map(({ id, address }) => `${id}: ${address}`), {}],
    ['trustees', trustees.keys, { threshold: number(trustees.threshold), all: number(trustees.keys.length) }],
    ['officers', officers.keys, { quorum: number(officers.quorum), all: number(officers.keys.length) }],
  ] as const;
  return (
    <section aria-labelledby="by-whom">
      <h2 id="by-whom">{say('checked.by-whom')}</h2>
      <p>{say('checked.by-whom-intro')}</p>
      <dl>
        {rows.map(([who, names, values]) => (
          <Fragment key={who}>
            <dt>{say(`checked.${who}`)}</dt>
            <dd>
              {say(`checked.${who}-what`, values)}
              {names.length > 0 && <Names names={names} />}
            </dd>
          </Fragment>
        ))}
      </dl>
    </section>
  );
}

function Names({ names }: { readonly names: readonly string[] }) {
  const { say } = useSpeech();
  return (
    <details>
      <summary>{say('checked.names')}</summary>
      <ul>
        {names.map((name) => (
          <li key={name}>
            <code class="hash">{name}</code>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** Three ways to check it again, and what to compare with others. */
function Yourself({ view: { definitionHash }, head: { entries, hash } }: Answers) {
  const { say, number } = useSpeech();
  const service = serviceOf(location);
  return (
    <section aria-labelledby="yourself">
      <h2 id="yourself">{say('checked.yourself')}</h2>
      <ul>
        <li>
          {say('checked.in-browser')} <a href={`../observe/${location.search}`}>{say('results.verify')}</a>
        </li>
        <li>
          {say('checked.in-file')}{' '}
          <a href="../urna-observer.html" download>
            {say('checked.save')}
          </a>
        </li>
        <li>
          {say('checked.by-command')}
          <pre class="wide" tabIndex={0}>
            <code>{`urna record fetch ${service} --out record\nurna record verify record`}</code>
          </pre>
        </li>
        <li>
          {say('checked.by-other')}
          <pre class="wide" tabIndex={0}>
            <code>urna-observe run --record record/record.json --build build.json</code>
          </pre>
        </li>
      </ul>
      <h3>{say('checked.compare')}</h3>
      <p>{say('checked.compare-how')}</p>
      <dl>
        <dt>{say('home.fingerprint')}</dt>
        <dd class="hash">{inGroups(definitionHash).join(' ')}</dd>
        <dt>{say('observe.record-of', { entries: number(entries) })}</dt>
        <dd class="hash">{inGroups(hash).join(' ')}</dd>
      </dl>
    </section>
  );
}

/** The numbered checks of SPEC §15, in the visitor's language. */
function WhichChecks() {
  const { say } = useSpeech();
  return (
    <section aria-labelledby="which">
      <h2 id="which">{say('checked.which')}</h2>
      <p>{say('checked.which-intro')}</p>
      <ol>
        {CHECK_TITLES.map(({ number, name }) => (
          <li key={number} value={number}>
            <strong>{say(`check.${name}.title`)}</strong>
            <br />
            <span class="note">{say(`check.${name}.meaning`)}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
