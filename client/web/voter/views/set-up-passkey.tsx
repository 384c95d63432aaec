import { useEffect, useState } from 'preact/hooks';
import { Failure } from '../../frame/failure.tsx';
import { useAttempt } from '../../frame/use-attempt.ts';
import { useSpeech } from '../../frame/visitor.ts';
import type { OpenedVoter } from '../opened-voter.ts';
import { addPasskey } from '../vault.ts';
import { hasPasskey } from '../vault-store.ts';
import type { ViewProps } from '../voter.tsx';

/** A passkey as a second lock, beside the passphrase: of use on this device only. */
export function SetUpPasskey({ view, tell, voter }: Omit<ViewProps, 'returned'> & { readonly voter: OpenedVoter }) {
  const { say, title } = useSpeech();
  const [isThere, setIsThere] = useState(false);
  const { isBusy, error, start } = useAttempt();
  useEffect(() => void hasPasskey(view.definitionHash).then(setIsThere, () => undefined), []);
  const add = (): void =>
    start(async () => {
      tell({ type: 'opened', voter: await addPasskey(voter, title(view.definition.title)) });
      setIsThere(true);
    });
  return (
    <section aria-labelledby="passkey">
      <h2 id="passkey">{say('vote.passkey.title')}</h2>
      <p>{say('vote.passkey.how')}</p>
      {error !== undefined && <Failure error={error} />}
      {isThere && <p class="passed">{say('vote.passkey.there')}</p>}
      <button type="button" disabled={isBusy} onClick={add}>
        {say(isThere ? 'vote.passkey.renew' : 'vote.passkey.add')}
      </button>
    </section>
  );
}
