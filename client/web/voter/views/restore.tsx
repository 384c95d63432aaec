import { useState } from 'preact/hooks';
import { UrnaError } from '../../../../protocol/errors.ts';
import type { Identity } from '../../../../protocol/identity/semaphore.ts';
import { decodeWords, unknownWords } from '../../../../protocol/identity/words.ts';
import { codeOf } from '../../frame/error-texts.ts';
import { useSpeech } from '../../frame/visitor.ts';
import { Field } from '../../frame/field.tsx';
import { withSecrets } from '../with-secrets.ts';
import { useAttempt } from '../../frame/use-attempt.ts';
import type { ViewProps } from '../voter.tsx';
import type { Letter } from '../voter-state.ts';
import { DistrictChoice, onlyDistrict } from './district-choice.tsx';
import { ViewTitle } from './view-title.tsx';
import { Waiting } from './waiting.tsx';

/** An identity file is a few hundred bytes. */
const MAX_FILE = 2 ** 16;
const WAYS = ['words', 'file'] as const;

interface Typed {
  readonly way: (typeof WAYS)[number];
  readonly words: string;
  readonly file: File | undefined;
  readonly passphrase: string;
}

/** An identity from its backup: the words, or the encrypted file. */
export function Restore({ view, tell, letter }: ViewProps & { readonly letter: Letter | undefined }) {
  const { say } = useSpeech();
  const [typed, setTyped] = useState<Typed>({ way: 'words', words: '', file: undefined, passphrase: '' });
  const [district, setDistrict] = useState(letter?.district ?? onlyDistrict(view));
  const { isBusy, error, start } = useAttempt();
  const change = (part: Partial<Typed>): void => setTyped({ ...typed, ...part });
  const submit = (event: Event): void => {
    event.preventDefault();
    if (district === undefined) return;
    start(async () => tell({ type: 'restored', making: { identity: await identityOf(typed), district, letter } }));
  };
  return (
    <>
      <ViewTitle>{say('vote.restore.title')}</ViewTitle>
      <p>{say('vote.restore.how')}</p>
      <form onSubmit={submit}>
        <fieldset disabled={isBusy}>
          <legend>{say('vote.restore.from')}</legend>
          {WAYS.map((way) => (
            <label key={way}>
              <input type="radio" name="way" checked={typed.way === way} onChange={() => change({ way })} />
              {say(`vote.restore.by-${way}`)}
            </label>
          ))}
        </fieldset>
        {typed.way === 'words' ? (
          <Words typed={typed} change={change} error={error} />
        ) : (
          <BackupFile typed={typed} change={change} error={error} />
        )}
        {letter === undefined && <DistrictChoice view={view} chosen={district} choose={setDistrict} />}
        <Waiting isBusy={isBusy} text={say('vote.unlock.busy')} />
        <p class="buttons">
          <button type="submit" class="main" disabled={isBusy}>
            {say('vote.continue')}
          </button>
          <button type="button" disabled={isBusy} onClick={() => tell({ type: 'back' })}>
            {say('vote.back')}
          </button>
        </p>
      </form>
    </>
  );
}

async function identityOf({ way, words, file, passphrase }: Typed): Promise<Identity> {
  if (way === 'words') return withSecrets('identity', decodeWords(words));
  if (file === undefined || file.size > MAX_FILE) throw new UrnaError('identity/file', 'that is no identity file');
  return withSecrets('backup', { file: new Uint8Array(await file.arrayBuffer()), passphrase });
}

interface PartProps {
  readonly typed: Typed;
  readonly change: (part: Partial<Typed>) => void;
  readonly error: unknown;
}

function Words({ typed, change, error }: PartProps) {
  const { say } = useSpeech();
  const positions = codeOf(error) === 'identity/words-unknown' ? unknownWords(typed.words).join(', ') : '';
  const place = positions === '' ? undefined : say('vote.restore.positions', { positions });
  return (
    <Field id="words" label={say('vote.restore.words')} hint={say('vote.restore.words-hint')} {...{ error, place }}>
      {(attributes) => (
        <textarea
          {...attributes}
          rows={6}
          lang="en"
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          required
          value={typed.words}
          onInput={({ currentTarget }) => change({ words: currentTarget.value })}
        />
      )}
    </Field>
  );
}

function BackupFile({ typed, change, error }: PartProps) {
  const { say } = useSpeech();
  const isOfPassphrase = codeOf(error) === 'secret/age';
  return (
    <>
      <Field id="file" label={say('vote.restore.file')} error={isOfPassphrase ? undefined : error}>
        {(attributes) => (
          <input
            {...attributes}
            type="file"
            accept=".age"
            required
            onChange={({ currentTarget }) => change({ file: currentTarget.files?.[0] })}
          />
        )}
      </Field>
      <Field
        id="file-passphrase"
        label={say('vote.restore.file-passphrase')}
        error={isOfPassphrase ? error : undefined}
      >
        {(attributes) => (
          <input
            {...attributes}
            type="password"
            autocomplete="current-password"
            required
            value={typed.passphrase}
            onInput={({ currentTarget }) => change({ passphrase: currentTarget.value })}
          />
        )}
      </Field>
    </>
  );
}
