import { wordHex } from '../../../../protocol/encoding.ts';
import { encodeWords } from '../../../../protocol/identity/words.ts';
import type { Standing } from '../../../http/registrar.ts';
import { Failure } from '../../frame/failure.tsx';
import { useSpeech } from '../../frame/visitor.ts';
import { withSecrets } from '../with-secrets.ts';
import type { OpenedVoter } from '../opened-voter.ts';
import { hasSecondFactor } from '../registering.ts';
import { useAttempt } from '../../frame/use-attempt.ts';
import { saveVoter } from '../vault.ts';
import type { ViewProps } from '../voter.tsx';
import type { Letter } from '../voter-state.ts';
import { ViewTitle } from './view-title.tsx';
import { Waiting } from './waiting.tsx';

interface ShowStandingProps extends ViewProps {
  readonly letter: Letter;
  readonly standing: Standing;
  readonly voter: OpenedVoter | undefined;
}

/** What the registrar has for the letter, and what can be done from there. */
export function ShowStanding({ view, tell, letter, standing, voter }: ShowStandingProps) {
  const { say } = useSpeech();
  const { isBusy, error, start } = useAttempt();
  const name = nameOf(standing, voter);
  // A login leads away from this page and back: whoever cannot log in now is told before an identity is made in vain.
  const needsLogin = name !== 'revoked' && name !== 'own' && hasSecondFactor(view.definition);
  const make = (): void => start(() => makeIdentity(letter, tell));
  const take = (opened: OpenedVoter): void =>
    start(async () => {
      const change = { credential: letter.credential.seed, district: letter.district, loginFor: undefined };
      tell({ type: 'opened', voter: await saveVoter(opened, change) });
    });
  const mayRestore = name === 'registered' && voter === undefined;
  return (
    <>
      <ViewTitle>{say(`vote.standing.${name}.title`)}</ViewTitle>
      <p>{say(`vote.standing.${name}.text`)}</p>
      {needsLogin && <p class="note">{say('vote.standing.login')}</p>}
      {error !== undefined && <Failure error={error} />}
      <Waiting isBusy={isBusy} text={say('vote.standing.busy')} />
      <p class="buttons">
        {mayRestore && (
          <button type="button" class="main" disabled={isBusy} onClick={() => tell({ type: 'has-backup' })}>
            {say('vote.start.backup')}
          </button>
        )}
        {name !== 'revoked' && voter === undefined && (
          <button type="button" class={mayRestore ? '' : 'main'} disabled={isBusy} onClick={make}>
            {say('vote.standing.make')}
          </button>
        )}
        {name !== 'revoked' && voter !== undefined && (
          <button type="button" class="main" disabled={isBusy} onClick={() => take(voter)}>
            {say('vote.continue')}
          </button>
        )}
        <button type="button" disabled={isBusy} onClick={() => tell({ type: 'back' })}>
          {say('vote.back')}
        </button>
      </p>
    </>
  );
}

function nameOf(standing: Standing, voter: OpenedVoter | undefined): 'none' | 'revoked' | 'registered' | 'own' {
  if (standing.state !== 'registered' || voter === undefined) return standing.state;
  return standing.commitment === wordHex(voter.identity.commitment) ? 'own' : 'registered';
}

async function makeIdentity(letter: Letter, tell: ViewProps['tell']): Promise<void> {
  const identity = await withSecrets('identity', crypto.getRandomValues(new Uint8Array(32)));
  const words = encodeWords(identity.privateKey).split(' ');
  tell({ type: 'made', making: { identity, letter, district: letter.district }, words });
}
