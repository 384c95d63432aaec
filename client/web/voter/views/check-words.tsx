import { useState } from 'preact/hooks';
import { UrnaError } from '../../../../protocol/errors.ts';
import { splitWords } from '../../../../protocol/identity/words.ts';
import { shuffle } from '../../../../protocol/random.ts';
import { useSpeech } from '../../frame/visitor.ts';
import { Field } from '../../frame/field.tsx';
import type { ViewProps } from '../voter.tsx';
import { ViewTitle } from './view-title.tsx';

/** Words that are asked back. */
const ASKED = 3;

/** Whether the words were written down: some of them are asked back. */
export function CheckWords({ tell, words }: ViewProps & { readonly words: readonly string[] }) {
  const { say } = useSpeech();
  const [positions] = useState(() => drawPositions(words.length));
  const [typed, setTyped] = useState<Readonly<Record<number, string>>>({});
  const [wrong, setWrong] = useState<{ readonly position: number; readonly error: UrnaError }>();
  const submit = (event: Event): void => {
    event.preventDefault();
    const position = positions.find((each) => splitWords(typed[each] ?? '').join(' ') !== words[each]);
    if (position === undefined) return tell({ type: 'checked' });
    setWrong({ position, error: new UrnaError('identity/words-asked', 'that is another word') });
  };
  return (
    <>
      <ViewTitle>{say('vote.check.title')}</ViewTitle>
      <p>{say('vote.check.how')}</p>
      <form onSubmit={submit}>
        {positions.map((position) => (
          <Field
            key={position}
            id={`word-${position + 1}`}
            label={say('vote.check.word', { position: position + 1 })}
            error={wrong?.position === position ? wrong.error : undefined}
          >
            {(attributes) => (
              <input
                {...attributes}
                type="text"
                autocomplete="off"
                autocapitalize="none"
                spellcheck={false}
                required
                value={typed[position] ?? ''}
                onInput={({ currentTarget }) => setTyped({ ...typed, [position]: currentTarget.value })}
              />
            )}
          </Field>
        ))}
        <p class="buttons">
          <button type="submit" class="main">
            {say('vote.continue')}
          </button>
          <button type="button" onClick={() => tell({ type: 'see-words' })}>
            {say('vote.check.see')}
          </button>
        </p>
      </form>
    </>
  );
}

function drawPositions(count: number): readonly number[] {
  const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
  const all = Array.from({ length: count }, (_, i) => i);
  return shuffle(all, random)
    .slice(0, ASKED)
    .sort((a, b) => a - b);
}
