import { useState } from 'preact/hooks';
import { useSpeech } from '../../frame/visitor.ts';
import { Field } from '../../frame/field.tsx';
import { useAttempt } from '../../frame/use-attempt.ts';
import { openVault } from '../vault.ts';
import { forgetVault } from '../vault-store.ts';
import type { ViewProps } from '../voter.tsx';
import { ShowReturned } from './show-returned.tsx';
import { UnlockWithPasskey } from './unlock-with-passkey.tsx';
import { ViewTitle } from './view-title.tsx';
import { Waiting } from './waiting.tsx';

/** An identity is kept on this device: its passphrase opens it. */
export function Unlock({ view, tell, returned }: ViewProps) {
  const { say } = useSpeech();
  const [passphrase, setPassphrase] = useState('');
  const { isBusy, error, start } = useAttempt();
  const submit = (event: Event): void => {
    event.preventDefault();
    start(async () => tell({ type: 'opened', voter: await openVault(view.definitionHash, passphrase) }));
  };
  return (
    <>
      <ViewTitle>{say('vote.unlock.title')}</ViewTitle>
      <ShowReturned returned={returned} isKept />
      <UnlockWithPasskey view={view} tell={tell} />
      <form onSubmit={submit}>
        <Field id="passphrase" label={say('vote.passphrase.one')} error={error}>
          {(attributes) => (
            <input
              {...attributes}
              type="password"
              autocomplete="current-password"
              required
              value={passphrase}
              onInput={({ currentTarget }) => setPassphrase(currentTarget.value)}
            />
          )}
        </Field>
        <Waiting isBusy={isBusy} text={say('vote.unlock.busy')} />
        <button type="submit" class="main" disabled={isBusy}>
          {say('vote.unlock.open')}
        </button>
      </form>
      <Forget view={view} tell={tell} />
    </>
  );
}

/** Without the passphrase only the words help: the identity is removed here and restored from them. */
function Forget({ view, tell }: Pick<ViewProps, 'view' | 'tell'>) {
  const { say } = useSpeech();
  const [isSure, setSure] = useState(false);
  const { isBusy, error, start } = useAttempt();
  const forget = (): void =>
    start(async () => {
      await forgetVault(view.definitionHash);
      tell({ type: 'forgotten' });
    });
  return (
    <details>
      <summary>{say('vote.unlock.forgotten')}</summary>
      <p>{say('vote.unlock.forgotten-how')}</p>
      <Field id="sure" label={say('vote.unlock.sure')} error={error}>
        {(attributes) => <input {...attributes} type="checkbox" checked={isSure} onChange={() => setSure(!isSure)} />}
      </Field>
      <button type="button" disabled={!isSure || isBusy} onClick={forget}>
        {say('vote.unlock.remove')}
      </button>
    </details>
  );
}
