import { useEffect, useState } from 'preact/hooks';
import { signingKey } from '../../../../protocol/credentials/ed25519.ts';
import { codeOf } from '../../frame/error-texts.ts';
import { Failure } from '../../frame/failure.tsx';
import { useAttempt } from '../../frame/use-attempt.ts';
import { useSpeech } from '../../frame/visitor.ts';
import type { OpenedVoter } from '../opened-voter.ts';
import type { LoginAsked, Registering } from '../registering.ts';
import { askStanding, finishRegistration, registerVoter } from '../registering.ts';
import type { ViewProps } from '../voter.tsx';
import { LogIn } from './log-in.tsx';
import { Waiting } from './waiting.tsx';

/** Registers the identity with the letter's code; after a login, looks what came of it by itself. */
export function Register({ view, tell, voter, returned }: ViewProps & { readonly voter: OpenedVoter }) {
  const { say } = useSpeech();
  const { isBusy, error, start } = useAttempt();
  const [login, setLogin] = useState<LoginAsked>();
  const take = (next: Registering): void => {
    if ('login' in next) setLogin(next.login);
    else tell({ type: 'opened', voter: next.voter });
  };
  const register = (): void => start(async () => take(await registerVoter(view, voter)));
  const replace = (): void =>
    start(async () => {
      const standing = await askStanding(view, signingKey(voter.file.credential ?? new Uint8Array()).publicKey);
      const replaced = standing.state === 'registered' ? standing.commitment : undefined;
      take(await registerVoter(view, voter, replaced));
    });
  useEffect(() => {
    if (voter.file.loginFor === undefined) return;
    start(async () => tell({ type: 'opened', voter: await finishRegistration(view, voter) }));
  }, []);
  if (login !== undefined) return <LogIn {...{ tell, voter, login }} cancel={() => setLogin(undefined)} />;
  const code = codeOf(error);
  // Of a login that came to nothing, what the registrar said about it is the better word.
  const said = returned === undefined || returned === 'registered' ? error : returned;
  return (
    <>
      <p>{say('vote.opened.unregistered')}</p>
      {error !== undefined && <Failure error={code === 'second-factor/unfinished' ? said : error} />}
      <Waiting isBusy={isBusy} text={say('vote.opened.registering')} />
      <p class="buttons">
        <button type="button" class="main" disabled={isBusy} onClick={register}>
          {say('vote.opened.register')}
        </button>
        {code === 'registration/other' && (
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
