import { useState } from 'preact/hooks';
import type { Definition } from '../../../protocol/definition/definition.ts';
import { at } from '../../../protocol/errors.ts';
import { Failure } from '../frame/failure.tsx';
import { useAttempt } from '../frame/use-attempt.ts';
import { useSpeech } from '../frame/visitor.ts';
import type { ElectionView } from '../service/election-view.ts';
import { fetchElection } from '../service/election-view.ts';
import { LoadedPage } from '../service/loaded-page.tsx';
import { serviceOf } from '../service/where.ts';
import { inWorker } from '../worker/in-worker.ts';
import type { CheckTask, CheckedBallot } from './check-task.ts';
import { Checked } from './checked.tsx';
import { OpeningForm } from './opening-form.tsx';

const load = async (): Promise<{ readonly view: ElectionView }> => ({ view: await fetchElection(serviceOf(location)) });

/** Opens a challenged ballot on another device than the one that made it (DESIGN §2.10). */
export function CheckPage({ found }: { readonly found: (definition: Definition) => void }) {
  return (
    <LoadedPage load={load} title="checker.title" found={found}>
      {({ view }) => <Checker view={view} />}
    </LoadedPage>
  );
}

interface Shown {
  readonly ballot: CheckedBallot;
  /** What the voter noted; empty if nothing. */
  readonly noted: string;
}

function Checker({ view: { definition, context } }: { readonly view: ElectionView }) {
  const { say } = useSpeech();
  const { isBusy, error, start } = useAttempt();
  const [shown, setShown] = useState<Shown>();
  const check = (text: string, noted: string): void => {
    setShown(undefined);
    const task: CheckTask = { role: 'check', service: serviceOf(location), election: { definition, context }, text };
    start(async () => setShown({ ballot: await inWorker<CheckedBallot>(task), noted }));
  };
  return (
    <>
      <h1>{say('checker.title')}</h1>
      <p>{say('checker.intro')}</p>
      <p class="note">{say('checker.apart')}</p>
      <OpeningForm isBusy={isBusy} check={check} />
      <p role="status">{isBusy ? say('checker.checking') : ''}</p>
      {error !== undefined && <Failure error={error} />}
      {shown && <Checked {...shown} contest={at(definition.contests, shown.ballot.contest)} />}
    </>
  );
}
