import type { ComponentChildren } from 'preact';
import type { Definition } from '../../../protocol/definition/definition.ts';
import { isEmbedded } from './embedded.ts';
import type { Language } from './languages.ts';
import { LANGUAGES } from './languages.ts';
import { useSpeech } from './visitor.ts';

/** The pages that every page leads to; `path` from the bundle's root. */
const PAGES = [
  { name: 'election', path: './' },
  { name: 'vote', path: 'vote/' },
  { name: 'checker', path: 'check/' },
  { name: 'results', path: 'results/' },
  { name: 'observe', path: 'observe/' },
] as const;
export type PageName = (typeof PAGES)[number]['name'];

interface FrameProps {
  readonly page: PageName;
  /** From this page to the bundle's root; undefined where there are no other pages. */
  readonly root: string | undefined;
  /** Which election, once it is known. */
  readonly definition: Definition | undefined;
  readonly choose: (language: Language) => void;
  readonly children: ComponentChildren;
}

/** What stands around every page: where it is, of which election, in which language. */
export function Frame({ page, root, definition, choose, children }: FrameProps) {
  const { say, title } = useSpeech();
  const isPart = isEmbedded(location.search);
  return (
    <>
      <a class="skip" href="#content">
        {say('frame.skip')}
      </a>
      <header class="top">
        <p class="election">{definition === undefined ? 'Urna' : title(definition.title)}</p>
        {root !== undefined && !isPart && <Pages page={page} root={root} />}
        {!isPart && <LanguageChoice choose={choose} />}
      </header>
      {definition && <Warnings definition={definition} />}
      <main id="content" tabIndex={-1}>
        {children}
      </main>
      <footer>
        <p>{say('frame.free')}</p>
      </footer>
    </>
  );
}

function Pages({ page, root }: { readonly page: PageName; readonly root: string }) {
  const { say } = useSpeech();
  return (
    <nav aria-label={say('frame.pages')}>
      <ul>
        {PAGES.map(({ name, path }) => (
          <li key={name}>
            <a href={`${root}${path}${location.search}`} aria-current={name === page ? 'page' : undefined}>
              {say(`frame.${name}`)}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function LanguageChoice({ choose }: Pick<FrameProps, 'choose'>) {
  const { say, language } = useSpeech();
  return (
    <div class="languages" role="group" aria-label={say('frame.language')}>
      {Object.entries(LANGUAGES).map(([tag, name]) => (
        <button
          key={tag}
          type="button"
          lang={tag}
          aria-pressed={tag === language}
          onClick={() => choose(tag as Language)}
        >
          {name}
        </button>
      ))}
    </div>
  );
}

/** Every page says whether an election is a real one, and what it is not (DESIGN §2.2, §2.8; CM/Rec(2017)5, standard 4). */
function Warnings({ definition: { environment, assurance } }: { readonly definition: Definition }) {
  const { say } = useSpeech();
  const texts = [`frame.${environment}`, ...(assurance === 'single-office' ? ['frame.single-office'] : [])];
  return (
    <aside class="warnings" aria-label={say('frame.notice')}>
      {texts.map((text) => (
        <p key={text}>{say(text)}</p>
      ))}
    </aside>
  );
}
