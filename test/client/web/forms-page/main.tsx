import { render } from 'preact';
import { useState } from 'preact/hooks';
import '../../../../client/web/frame/style.css';
import { isLanguage, loadTexts } from '../../../../client/web/frame/languages.ts';
import { SpeechProvider, speechOf } from '../../../../client/web/frame/visitor.ts';
import type { Contest } from '../../../../protocol/definition/definition.ts';
import { draftProblem, draftValues, emptyDraft } from '../../../../client/web/voter/ballot/ballot-draft.ts';
import { BallotForm } from '../../../../client/web/voter/ballot/forms/ballot-form.tsx';
import { VoteInWords } from '../../../../client/web/voter/ballot/forms/vote-in-words.tsx';
import { CONTESTS } from './contests.ts';

/** A form on a page of its own, and what would be encrypted. */
function FormPage({ contest }: { readonly contest: Contest }) {
  const [draft, change] = useState(() => emptyDraft(contest));
  const [isAsked, ask] = useState(false);
  const values = draftProblem(draft) === undefined ? draftValues(draft) : undefined;
  return (
    <main>
      <h1>Form</h1>
      <BallotForm {...{ contest, draft, change, isAsked }} />
      <button type="button" onClick={() => ask(true)}>
        Go on
      </button>
      {values && <VoteInWords contest={contest} values={values} />}
      <output>{values?.join(' ') ?? 'not valid'}</output>
    </main>
  );
}

const asked = new URLSearchParams(location.search);
const language = asked.get('lang');
const contest = CONTESTS.find(({ id }) => id === asked.get('contest'));
const place = document.getElementById('page');
if (!isLanguage(language) || contest === undefined || place === null) throw new Error('no such form');
document.documentElement.lang = language;
const speech = speechOf(language, await loadTexts(language));
render(
  <SpeechProvider value={speech}>
    <FormPage contest={contest} />
  </SpeechProvider>,
  place,
);
