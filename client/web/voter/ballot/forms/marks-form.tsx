import { at } from '../../../../../protocol/errors.ts';
import { useSpeech } from '../../../frame/visitor.ts';
import { mark } from '../ballot-draft.ts';
import type { FormProps } from './ballot-form.tsx';
import { RunningSum } from './rule-in-words.tsx';

/** One option or several; in a budget each with its price. A mark beyond the rule stays and is named, so that the voter sees what to take back. */
export function MarksForm({ contest, draft, change }: FormProps) {
  const { say, title, number } = useSpeech();
  const isBudget = contest.preset === 'budget';
  return (
    <>
      {contest.options.map(({ id, title: name }, option) => (
        <label key={id}>
          <input
            type={draft.family === 'one' ? 'radio' : 'checkbox'}
            name={`option-${contest.id}`}
            // What is chosen is nothing for the browser's own memory of forms, which it keeps on disk.
            autocomplete="off"
            checked={at(draft.values, option) === 1n}
            onChange={({ currentTarget }) => change(mark(draft, option, currentTarget.checked))}
          />
          <span>{title(name)}</span>
          {isBudget && (
            <span class="price">{say('vote.form.price', { price: number(Number(at(draft.rule.price, option))) })}</span>
          )}
        </label>
      ))}
      {draft.family === 'some' && <RunningSum contest={contest} draft={draft} />}
    </>
  );
}
