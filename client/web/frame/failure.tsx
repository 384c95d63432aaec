import { useSpeech } from './visitor.ts';
import { codeOf, textOf } from './error-texts.ts';

/** What went wrong, in words, with its code and a way on. */
export function Failure({ error, retry }: { readonly error: unknown; readonly retry?: () => void }) {
  const { say } = useSpeech();
  const code = codeOf(error);
  return (
    <div class="failure" role="alert">
      <h2>{say('errors.title')}</h2>
      <p>{say(`errors.${textOf(code)}`)}</p>
      <p class="code">{say('errors.code', { code })}</p>
      {retry && (
        <button type="button" onClick={retry}>
          {say('frame.retry')}
        </button>
      )}
    </div>
  );
}
