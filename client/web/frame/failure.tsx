import { UrnaError } from '../../../protocol/errors.ts';
import { useSpeech } from './visitor.ts';

/** Texts by the first code, or first part of a code (SPEC §16), that fits. */
const TEXTS: readonly (readonly [string, string])[] = [
  ['server/unreachable', 'unreachable'],
  ['server/url', 'address'],
  ['request/rate', 'busy'],
  ['busy/', 'busy'],
  ['server/', 'answer'],
  ['json/', 'answer'],
  ['definition/', 'answer'],
  ['view/', 'answer'],
];

function textOf(code: string): string {
  if (code === 'server/unreachable' && !navigator.onLine) return 'offline';
  return TEXTS.find(([part]) => code.startsWith(part))?.[1] ?? 'unexpected';
}

/** What went wrong, in words, with its code and a way on. */
export function Failure({ error, retry }: { readonly error: unknown; readonly retry?: () => void }) {
  const { say } = useSpeech();
  const code = error instanceof UrnaError ? error.code : 'internal/unexpected';
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
