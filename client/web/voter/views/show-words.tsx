import { useSpeech } from '../../frame/visitor.ts';
import type { ViewProps } from '../voter.tsx';
import { ViewTitle } from './view-title.tsx';

/** The backup words of a new identity, to be written down. */
export function ShowWords({ tell, words }: ViewProps & { readonly words: readonly string[] }) {
  const { say } = useSpeech();
  return (
    <>
      <ViewTitle>{say('vote.words.title')}</ViewTitle>
      <p>{say('vote.words.how')}</p>
      <p class="warnings">{say('vote.words.warning')}</p>
      <ol class="words" lang="en" translate={false}>
        {words.map((word, i) => (
          <li key={i}>{word}</li>
        ))}
      </ol>
      <p class="buttons">
        <button type="button" class="main" onClick={() => tell({ type: 'written-down' })}>
          {say('vote.words.written')}
        </button>
        <button type="button" onClick={() => tell({ type: 'back' })}>
          {say('vote.cancel')}
        </button>
      </p>
    </>
  );
}
