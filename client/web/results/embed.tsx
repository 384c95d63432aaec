import type { Contest } from '../../../protocol/definition/definition.ts';
import { EMBEDDED } from '../frame/embedded.ts';
import type { Language } from '../frame/languages.ts';
import { useSpeech } from '../frame/visitor.ts';

/** A contest's results: the address to link to, and what a journalist copies into a page to show them there. */
export function Embed({ contest }: { readonly contest: Contest }) {
  const { say, title, language } = useSpeech();
  const frame = document.createElement('iframe');
  frame.src = addressOf(contest.id, language, true);
  frame.title = title(contest.title);
  frame.width = '100%';
  frame.height = '720';
  const id = `embed-${contest.id}`;
  return (
    <div class="screen">
      <p>
        <a href={addressOf(contest.id, language, false)}>{say('results.link')}</a>
      </p>
      <details>
        <summary>{say('results.embed')}</summary>
        <label for={id}>{say('results.embed-how')}</label>
        <textarea id={id} class="typed" rows={4} readOnly spellcheck={false} value={frame.outerHTML} />
      </details>
    </div>
  );
}

/** In another site's page: the way to the whole, outside that page's frame. */
export function WholePage() {
  const { say } = useSpeech();
  const query = new URLSearchParams(location.search);
  for (const name of [EMBEDDED, 'contest']) query.delete(name);
  return (
    <p class="screen">
      <a href={`${location.pathname}${queryText(query)}`} target="_blank" rel="noopener">
        {say('results.whole')}
      </a>
    </p>
  );
}

/** The address of one contest's results, stable, at the same service; in this language if the page's own address names one, else in the reader's. */
function addressOf(contest: string, language: Language, embedded: boolean): string {
  const query = new URLSearchParams(location.search);
  if (query.has('lang')) query.set('lang', language);
  query.set('contest', contest);
  if (embedded) query.set(EMBEDDED, '1');
  return new URL(queryText(query), location.href).href;
}

function queryText(query: URLSearchParams): string {
  return query.size === 0 ? '' : `?${query.toString()}`;
}
