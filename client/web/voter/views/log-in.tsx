import { useEffect, useRef } from 'preact/hooks';
import { Failure } from '../../frame/failure.tsx';
import { useAttempt } from '../../frame/use-attempt.ts';
import { useSpeech } from '../../frame/visitor.ts';
import type { OpenedVoter } from '../opened-voter.ts';
import type { LoginAsked } from '../registering.ts';
import { beginLogin } from '../registering.ts';
import type { ViewProps } from '../voter.tsx';

interface LogInProps extends Pick<ViewProps, 'tell'> {
  readonly voter: OpenedVoter;
  readonly login: LoginAsked;
  readonly cancel: () => void;
}

/** Before the page is left for a login: where it leads, and that one comes back. */
export function LogIn({ tell, voter, login, cancel }: LogInProps) {
  const { say } = useSpeech();
  const { isBusy, error, start } = useAttempt();
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  const go = (): void =>
    start(async () => {
      tell({ type: 'opened', voter: await beginLogin(voter, login) });
      location.assign(login.url.href);
    });
  return (
    <>
      <h3 ref={title} tabIndex={-1}>
        {say('vote.login.title')}
      </h3>
      <p>{say('vote.login.how')}</p>
      <p>
        {say('vote.login.where')} <strong class="address">{login.url.host}</strong>
      </p>
      <p class="note">{say('vote.login.learns')}</p>
      {error !== undefined && <Failure error={error} />}
      <p class="buttons">
        <button type="button" class="main" disabled={isBusy} onClick={go}>
          {say('vote.login.go')}
        </button>
        <button type="button" disabled={isBusy} onClick={cancel}>
          {say('vote.cancel')}
        </button>
      </p>
    </>
  );
}
