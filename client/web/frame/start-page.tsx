import type { ComponentChildren } from 'preact';
import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Definition } from '../../../protocol/definition/definition.ts';
import { Frame } from './frame.tsx';
import type { PageName } from './frame.tsx';
import type { Language } from './languages.ts';
import { chosenLanguage, keepLanguage, keptLanguage, loadTexts } from './languages.ts';
import { isTooOld } from './old-browser.ts';
import type { Speech } from './visitor.ts';
import { SpeechProvider, speechOf } from './visitor.ts';

/** A page: what stands in its frame, and how it learns of which election it is. */
export interface PageSpec {
  readonly name: PageName;
  /** From this page to the bundle's root; undefined for a page that is one file, with no others beside it. */
  readonly root: string | undefined;
  /** Key of the title in the browser's tab. */
  readonly title: string;
  readonly Content: (props: { readonly found: (definition: Definition) => void }) => ComponentChildren;
}

async function speechIn(language: Language): Promise<Speech> {
  return speechOf(language, await loadTexts(language));
}

function Page({ spec, first }: { readonly spec: PageSpec; readonly first: Speech }) {
  const [speech, setSpeech] = useState(first);
  const [definition, setDefinition] = useState<Definition>();
  useEffect(() => {
    document.documentElement.lang = speech.language;
    const of = definition === undefined ? 'Urna' : speech.title(definition.title);
    document.title = `${speech.say(spec.title)} · ${of}`;
  }, [speech, definition, spec]);
  const choose = (language: Language): void => {
    keepLanguage(language);
    void speechIn(language).then(setSpeech);
  };
  const { name, root, Content } = spec;
  return (
    <SpeechProvider value={speech}>
      <Frame {...{ page: name, root, definition, choose }}>
        <Content found={setDefinition} />
      </Frame>
    </SpeechProvider>
  );
}

/** Renders a page in the visitor's language. */
export async function startPage(spec: PageSpec): Promise<void> {
  // What stands there in three languages stays.
  if (isTooOld(spec.name)) return;
  const language = chosenLanguage(location.search, keptLanguage(), navigator.languages);
  const place = document.getElementById('page');
  if (place === null) throw new Error('the page has no place for its content');
  const first = await speechIn(language);
  // What stood there for browsers that do not come this far.
  place.replaceChildren();
  render(<Page spec={spec} first={first} />, place);
}
