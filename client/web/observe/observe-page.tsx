import { useEffect, useState } from 'preact/hooks';
import type { Definition } from '../../../protocol/definition/definition.ts';
import { UrnaError } from '../../../protocol/errors.ts';
import { Failure } from '../frame/failure.tsx';
import { useSpeech } from '../frame/visitor.ts';
import { fetchElection } from '../service/election-view.ts';
import { serviceOf } from '../service/where.ts';
import { FiguresOf } from './figures-of.tsx';
import { SourceForm } from './source-form.tsx';
import type { Verification } from './use-verification.ts';
import { useVerification } from './use-verification.ts';
import { VerdictOf } from './verdict.tsx';

/** Verifies a whole election in the browser, from a service's record or a folder: the same checks as `urna observe` (SPEC §15). */
export function ObservePage({ found }: { readonly found: (definition: Definition) => void }) {
  const { say } = useSpeech();
  const { verification, start, stop } = useVerification();
  const [election, setElection] = useState('');
  // Only for the page's head and a field that can be filled in: a record in a folder needs no service.
  useEffect(() => {
    if (location.protocol === 'file:') return;
    Promise.resolve()
      .then(() => fetchElection(serviceOf(location)))
      .then(({ definition, context }) => {
        found(definition);
        setElection(context.election);
      })
      .catch(() => undefined);
  }, [found]);
  return (
    <>
      <h1>{say('observe.title')}</h1>
      <p>{say('observe.intro')}</p>
      <SourceForm isRunning={verification.state === 'running'} election={election} start={start} />
      <Progress verification={verification} stop={stop} />
      {verification.state === 'done' && <VerdictOf verdict={verification.verdict} />}
      {verification.state === 'done' && verification.verdict.figures && (
        <FiguresOf figures={verification.verdict.figures} />
      )}
      {location.protocol !== 'file:' && (
        <p class="screen">
          <a href="../urna-observer.html" download>
            {say('observe.save')}
          </a>
        </p>
      )}
      {verification.state === 'failed' && <Broken {...verification} />}
    </>
  );
}

function Progress({ verification, stop }: { readonly verification: Verification; readonly stop: () => void }) {
  const { say, number } = useSpeech();
  const isRunning = verification.state === 'running';
  const text = !isRunning
    ? ''
    : verification.all === undefined
      ? say('observe.opening')
      : say(verification.of === 'blocks' ? 'observe.blocks' : 'observe.progress', {
          done: number(verification.done),
          all: number(verification.all),
        });
  return (
    <div>
      <p role="status">{text}</p>
      {isRunning && (
        <>
          <progress
            aria-label={say('observe.checks')}
            max={verification.all}
            value={verification.all && verification.done}
          />
          <p>
            <button type="button" onClick={stop}>
              {say('observe.cancel')}
            </button>
          </p>
        </>
      )}
    </div>
  );
}

/** A record that cannot be read to its end: damaged, cut off, or not reached. */
function Broken({ code, message }: { readonly code: string; readonly message: string }) {
  const { say } = useSpeech();
  if (!code.startsWith('record/')) return <Failure error={new UrnaError(code, message)} />;
  return (
    <div class="failure" role="alert">
      <h2>{say('observe.broken')}</h2>
      <p lang="en">{message}</p>
      <p class="code">{say('errors.code', { code })}</p>
    </div>
  );
}
