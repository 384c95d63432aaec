import { useState } from 'preact/hooks';
import { require } from '../../../../protocol/errors.ts';
import { MIN_PASSPHRASE, requirePassphrase } from '../../../../protocol/identity/passphrase.ts';
import { codeOf } from '../../frame/error-texts.ts';
import { Failure } from '../../frame/failure.tsx';
import { useSpeech } from '../../frame/visitor.ts';
import { Field } from '../../frame/field.tsx';
import { useAttempt } from '../../frame/use-attempt.ts';
import { createVault } from '../vault.ts';
import type { ViewProps } from '../voter.tsx';
import type { VoterFile } from '../voter-file.ts';
import type { NewVoter } from '../voter-state.ts';
import { ViewTitle } from './view-title.tsx';
import { Waiting } from './waiting.tsx';

/** A new passphrase, typed twice: the identity is sealed with it and kept. */
export function Passphrase({ view, tell, making }: ViewProps & { readonly making: NewVoter }) {
  const { say } = useSpeech();
  const [first, setFirst] = useState('');
  const [second, setSecond] = useState('');
  const { isBusy, error, start } = useAttempt();
  const submit = (event: Event): void => {
    event.preventDefault();
    start(async () => {
      requirePassphrase(first);
      require(first === second, 'secret/mismatch', 'the second passphrase differs from the first');
      tell({ type: 'opened', voter: await createVault(view.definitionHash, making.identity, fileOf(making), first) });
    });
  };
  const code = codeOf(error);
  const isOfField = code === 'secret/passphrase' || code === 'secret/mismatch';
  return (
    <>
      <ViewTitle>{say('vote.passphrase.title')}</ViewTitle>
      <p>{say('vote.passphrase.how')}</p>
      <form onSubmit={submit}>
        <NewPassphrase
          id="passphrase"
          label={say('vote.passphrase.one')}
          hint={say('vote.passphrase.rule', { count: MIN_PASSPHRASE })}
          error={code === 'secret/passphrase' ? error : undefined}
          change={setFirst}
        />
        <NewPassphrase
          id="again"
          label={say('vote.passphrase.two')}
          error={code === 'secret/mismatch' ? error : undefined}
          change={setSecond}
        />
        {error !== undefined && !isOfField && <Failure error={error} />}
        <Waiting isBusy={isBusy} text={say('vote.passphrase.busy')} />
        <p class="buttons">
          <button type="submit" class="main" disabled={isBusy}>
            {say('vote.passphrase.keep')}
          </button>
          <button type="button" disabled={isBusy} onClick={() => tell({ type: 'back' })}>
            {say('vote.cancel')}
          </button>
        </p>
      </form>
    </>
  );
}

/** What is kept of a new voter: nothing is registered yet. */
function fileOf({ identity, district, letter }: NewVoter): VoterFile {
  const credential = letter?.credential.seed;
  const unregistered = { receipt: undefined, loginFor: undefined, voting: {} };
  return { identity: identity.privateKey, district, credential, ...unregistered };
}

interface NewPassphraseProps {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  readonly error: unknown;
  readonly change: (text: string) => void;
}

function NewPassphrase({ change, ...field }: NewPassphraseProps) {
  return (
    <Field {...field}>
      {(attributes) => (
        <input
          {...attributes}
          type="password"
          autocomplete="new-password"
          required
          onInput={({ currentTarget }) => change(currentTarget.value)}
        />
      )}
    </Field>
  );
}
