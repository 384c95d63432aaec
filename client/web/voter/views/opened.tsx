import { useState } from 'preact/hooks';
import { signingKey } from '../../../../protocol/credentials/ed25519.ts';
import { at } from '../../../../protocol/errors.ts';
import { BallotsOf } from '../ballot/ballots.tsx';
import { codeOf } from '../../frame/error-texts.ts';
import { Failure } from '../../frame/failure.tsx';
import { useSpeech } from '../../frame/visitor.ts';
import type { OpenedVoter } from '../opened-voter.ts';
import { askStanding, registerVoter } from '../registering.ts';
import { useAttempt } from '../../frame/use-attempt.ts';
import type { ViewProps } from '../voter.tsx';
import { BackupDownload } from './backup-download.tsx';
import { ViewTitle } from './view-title.tsx';
import { Waiting } from './waiting.tsx';

interface OpenedProps extends ViewProps {
  readonly voter: OpenedVoter;
}

/** The identity is open: whether it is registered, its ballots, and its backup. */
export function Opened({ view, tell, voter }: OpenedProps) {
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
            <RegistrationOf view={view} tell={tell} voter={voter} />
          </section>
        </>
      )}
      <BallotsOf key="ballots" {...{ view, tell, voter, current, setCurrent }} />
      {!isAlone && (
        <>
          <section aria-labelledby="backup">
            <h2 id="backup">{say('vote.opened.backup')}</h2>
            <p>{say('vote.opened.backup-how')}</p>
            <BackupDownload definitionHash={view.definitionHash} />
          </section>
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

function RegistrationOf({ view, tell, voter }: OpenedProps) {
  const { say } = useSpeech();
  if (voter.file.receipt !== undefined) return <p class="passed">{say('vote.opened.registered')}</p>;
  if (voter.file.credential !== undefined) return <Register view={view} tell={tell} voter={voter} />;
  return (
    <>
      <p>{say('vote.opened.unknown')}</p>
      <button type="button" onClick={() => tell({ type: 'has-letter' })}>
        {say('vote.start.letter')}
      </button>
    </>
  );
}

function Register({ view, tell, voter }: OpenedProps) {
  const { say } = useSpeech();
  const { isBusy, error, start } = useAttempt();
  const register = (): void => start(async () => tell({ type: 'opened', voter: await registerVoter(view, voter) }));
  const replace = (): void =>
    start(async () => {
      const standing = await askStanding(view, signingKey(voter.file.credential ?? new Uint8Array()).publicKey);
      const replaced = standing.state === 'registered' ? standing.commitment : undefined;
      tell({ type: 'opened', voter: await registerVoter(view, voter, replaced) });
    });
  const isOther = codeOf(error) === 'registration/other';
  return (
    <>
      <p>{say('vote.opened.unregistered')}</p>
      {error !== undefined && <Failure error={error} />}
      <Waiting isBusy={isBusy} text={say('vote.opened.registering')} />
      <p class="buttons">
        <button type="button" class="main" disabled={isBusy} onClick={register}>
          {say('vote.opened.register')}
        </button>
        {isOther && (
          <button type="button" disabled={isBusy} onClick={replace}>
            {say('vote.opened.replace')}
          </button>
        )}
        <button type="button" disabled={isBusy} onClick={() => tell({ type: 'has-letter' })}>
          {say('vote.opened.other-letter')}
        </button>
      </p>
    </>
  );
}
