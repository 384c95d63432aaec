import { useState } from 'preact/hooks';
import { isFingerprint } from '../../../protocol/ballot/fingerprint-text.ts';
import { UrnaError } from '../../../protocol/errors.ts';
import { Field } from '../frame/field.tsx';
import { useAttempt } from '../frame/use-attempt.ts';
import { useSpeech } from '../frame/visitor.ts';
import { CameraChoice } from './camera-choice.tsx';
import { readQrFile } from './read-qr.ts';

/** An opening has some hundred bytes; what is much longer is something else. */
const MAX_TEXT = 2 ** 16;

interface OpeningFormProps {
  readonly isBusy: boolean;
  /** @param text - of the opening @param noted - fingerprint, or nothing */
  readonly check: (text: string, noted: string) => void;
}

/** Takes an opened ballot and the fingerprint that was noted. */
export function OpeningForm({ isBusy, check }: OpeningFormProps) {
  const { say } = useSpeech();
  const [text, setText] = useState('');
  const [noted, setNoted] = useState('');
  const [wrong, setWrong] = useState<unknown>();
  const submit = (event: Event): void => {
    event.preventDefault();
    const isReadable = noted.trim() === '' || isFingerprint(noted);
    setWrong(isReadable ? undefined : new UrnaError('usage/fingerprint', 'not a fingerprint'));
    if (isReadable) check(text, noted);
  };
  return (
    <form onSubmit={submit}>
      <fieldset disabled={isBusy}>
        <legend>{say('checker.ballot')}</legend>
        <OpeningSource text={text} setText={setText} />
      </fieldset>
      <Field id="noted" label={say('checker.noted')} hint={say('checker.noted-hint')} error={wrong}>
        {(attributes) => (
          <input
            {...attributes}
            class="code"
            autocomplete="off"
            spellcheck={false}
            value={noted}
            onInput={({ currentTarget }) => setNoted(currentTarget.value)}
          />
        )}
      </Field>
      <button type="submit" class="main" disabled={isBusy || text.trim() === ''}>
        {say('checker.check')}
      </button>
    </form>
  );
}

interface OpeningSourceProps {
  readonly text: string;
  readonly setText: (text: string) => void;
}

/** The opened ballot: its QR code before the camera or in a picture, its file, or its text, which shows what was read. */
function OpeningSource({ text, setText }: OpeningSourceProps) {
  const { say } = useSpeech();
  const { error, start } = useAttempt();
  const choose = (file: File | undefined): void => {
    if (file !== undefined) start(async () => setText(await textOf(file)));
  };
  return (
    <>
      <CameraChoice field="text" take={setText} />
      <Field id="file" label={say('checker.file')} error={error}>
        {(attributes) => (
          <input {...attributes} type="file" onChange={({ currentTarget }) => choose(currentTarget.files?.[0])} />
        )}
      </Field>
      <Field id="text" label={say('checker.text')}>
        {(attributes) => (
          <textarea
            {...attributes}
            class="code"
            rows={4}
            spellcheck={false}
            value={text}
            onInput={({ currentTarget }) => setText(currentTarget.value)}
          />
        )}
      </Field>
    </>
  );
}

/** The text of a file: of a picture, that of its QR code. @throws `opening/file`, `checker/picture`, `checker/no-code` */
async function textOf(file: File): Promise<string> {
  if (file.type.startsWith('image/')) return readQrFile(file);
  if (file.size > MAX_TEXT) throw new UrnaError('opening/file', 'the file is too large for an opened ballot');
  return file.text();
}
