import type { ServerUrl } from '../../http/server-url.ts';
import { useSpeech } from '../frame/visitor.ts';

const FORMS = [
  ['csv', '/v1/results.csv'],
  ['json', '/v1/results.json'],
  ['nist', '/v1/results.nist.json'],
] as const;

/** The same numbers for spreadsheets and programs. */
export function Downloads({ service }: { readonly service: ServerUrl }) {
  const { say } = useSpeech();
  return (
    <section class="screen" aria-labelledby="downloads">
      <h2 id="downloads">{say('results.download')}</h2>
      <ul>
        {FORMS.map(([form, path]) => (
          <li key={form}>
            <a href={`${service}${path}`} download>
              {say(`results.${form}`)}
            </a>
          </li>
        ))}
      </ul>
      <button type="button" onClick={() => print()}>
        {say('results.print')}
      </button>
    </section>
  );
}
