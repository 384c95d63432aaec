import { useState } from 'preact/hooks';
import { at, UrnaError } from '../../../../protocol/errors.ts';
import { CameraChoice } from '../../check/camera-choice.tsx';
import { readQrFile } from '../../check/read-qr.ts';
import { Field } from '../../frame/field.tsx';
import { useAttempt } from '../../frame/use-attempt.ts';
import { useSpeech } from '../../frame/visitor.ts';
import type { ElectionView } from '../../service/election-view.ts';
import { returnedText } from '../ballot/kept-ballot-line.tsx';
import { Waiting } from '../views/waiting.tsx';
import type { FoundBallot } from './find-ballot.ts';
import { findBallot } from './find-ballot.ts';

/** A kept receipt has about a thousand bytes. */
const MAX_TEXT = 2 ** 14;

/** Finds a ballot by the receipt or the tracker of its box: no identity is needed, and none is told. */
export function FindByReceipt({ view }: { readonly view: ElectionView }) {
  const { say } = useSpeech();
  return (
    <details>
      <summary>{say('vote.find.title')}</summary>
      <p>{say('vote.find.what')}</p>
      <ReceiptForm view={view} />
    </details>
  );
}

function ReceiptForm({ view }: { readonly view: ElectionView }) {
  const { say } = useSpeech();
  const [text, setText] = useState('');
  const [found, setFound] = useState<FoundBallot>();
  const { isBusy, error, start } = useAttempt();
  const submit = (event: Event): void => {
    event.preventDefault();
    setFound(undefined);
    start(async () => setFound(await findBallot(view, text)));
  };
  return (
    <form onSubmit={submit}>
      <ReceiptSource take={setText} />
      <Field id="receipt" label={say('vote.find.text')} error={error}>
        {(attributes) => (
          <textarea
            {...attributes}
            class="code"
            rows={3}
            autocomplete="off"
            spellcheck={false}
            value={text}
            onInput={({ currentTarget }) => setText(currentTarget.value)}
          />
        )}
      </Field>
      <button type="submit" disabled={isBusy || text.trim() === ''}>
        {say('vote.find.ask')}
      </button>
      <Waiting isBusy={isBusy} text={say('vote.find.asking')} />
      <div role="status">{found && <Found view={view} {...found} />}</div>
    </form>
  );
}

/** The receipt's QR code before the camera or in a picture, or its file. */
function ReceiptSource({ take }: { readonly take: (text: string) => void }) {
  const { say } = useSpeech();
  const { error, start } = useAttempt();
  const choose = (file: File | undefined): void => {
    if (file !== undefined) start(async () => take(await textOf(file)));
  };
  return (
    <>
      <CameraChoice field="receipt" take={take} />
      <Field id="receipt-file" label={say('vote.find.file')} error={error}>
        {(attributes) => (
          <input {...attributes} type="file" onChange={({ currentTarget }) => choose(currentTarget.files?.[0])} />
        )}
      </Field>
    </>
  );
}

function Found({ view, fate, promised }: FoundBallot & { readonly view: ElectionView }) {
  const { say, number, time, title } = useSpeech();
  const { state, code, block } = fate;
  const { contests } = view.definition;
  const isLate = promised !== undefined && state !== 'confirmed' && state !== 'returned' && view.time > promised.by;
  const by = promised === undefined ? '' : time(promised.by);
  return (
    <div class="note">
      {promised !== undefined && (
        <p>{say('vote.find.signed', { box: promised.box, contest: title(at(contests, promised.contest).title) })}</p>
      )}
      <p class={state === 'confirmed' ? 'passed' : undefined}>
        {state === 'returned' && say(`vote.returned.${returnedText(code)}`, { code })}
        {state === 'confirmed' && say('vote.state.confirmed', { block: number(block ?? 0) })}
        {(state === 'waiting' || state === 'sent') && say(`vote.find.${state}`)}
      </p>
      {promised !== undefined && state === 'waiting' && (
        <p>{say('vote.find.promised', { round: number(promised.round), by })}</p>
      )}
      {isLate && <p class="wrong">{say('vote.find.late', { by })}</p>}
    </div>
  );
}

/** The text of a file: of a picture, that of its QR code. @throws `receipt/shape`, `checker/picture`, `checker/no-code` */
async function textOf(file: File): Promise<string> {
  if (file.type.startsWith('image/')) return readQrFile(file);
  if (file.size > MAX_TEXT) throw new UrnaError('receipt/shape', 'the file is too large for a receipt');
  return file.text();
}
