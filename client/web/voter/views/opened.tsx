import { useState } from 'preact/hooks';
import { at } from '../../../../protocol/errors.ts';
import { BallotsOf } from '../ballot/ballots.tsx';
import { useSpeech } from '../../frame/visitor.ts';
import type { OpenedVoter } from '../opened-voter.ts';
import { OnTheRoll } from '../roll/on-the-roll.tsx';
import type { ViewProps } from '../voter.tsx';
import { BackupDownload } from './backup-download.tsx';
import { Register } from './register.tsx';
import { SetUpPasskey } from './set-up-passkey.tsx';
import { ViewTitle } from './view-title.tsx';

interface OpenedProps extends ViewProps {
  readonly voter: OpenedVoter;
}

/** The identity is open: whether it is registered, its ballots, and its backup. */
export function Opened({ view, tell, voter, returned }: OpenedProps) {
  const { say, title } = useSpeech();
  const [current, setCurrent] = useState<number | undefined>(undefined);
  const district = at(view.definition.districts, voter.file.district);
  // While a ballot is filled in, there is nothing else.
  const isAlone = current !== undefined;
  return (
    <>
      {!isAlone && (
        <>
          <ViewTitle>{say('vote.opened.title')}</ViewTitle>
          <p>{say('vote.opened.district', { district: title(district.title) })}</p>
          <section aria-labelledby="registration">
            <h2 id="registration">{say('home.registration')}</h2>
            <RegistrationOf {...{ view, tell, voter, returned }} />
          </section>
          <OnTheRoll {...{ view, tell, voter }} />
        </>
      )}
      <BallotsOf key="ballots" {...{ view, tell, voter, returned, current, setCurrent }} />
      {!isAlone && (
        <>
          <section aria-labelledby="backup">
            <h2 id="backup">{say('vote.opened.backup')}</h2>
            <p>{say('vote.opened.backup-how')}</p>
            <BackupDownload definitionHash={view.definitionHash} />
          </section>
          <SetUpPasskey {...{ view, tell, voter }} />
          <section aria-labelledby="end">
            <h2 id="end">{say('vote.opened.end')}</h2>
            <p>{say('vote.opened.end-how')}</p>
            <button type="button" onClick={() => tell({ type: 'lock' })}>
              {say('vote.opened.lock')}
            </button>
          </section>
        </>
      )}
    </>
  );
}

function RegistrationOf({ view, tell, voter, returned }: OpenedProps) {
  const { say } = useSpeech();
  if (voter.file.receipt !== undefined) return <p class="passed">{say('vote.opened.registered')}</p>;
  if (voter.file.credential !== undefined) return <Register {...{ view, tell, voter, returned }} />;
  return (
    <>
      <p>{say('vote.opened.unknown')}</p>
      <button type="button" onClick={() => tell({ type: 'has-letter' })}>
        {say('vote.start.letter')}
      </button>
    </>
  );
}
