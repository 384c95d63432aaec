import { useState } from 'preact/hooks';
import { at } from '../../../../../protocol/errors.ts';
import { useSpeech } from '../../../frame/visitor.ts';
import type { BallotDraft } from '../ballot-draft.ts';
import { amountOf, mayAdd, setAmount } from '../ballot-draft.ts';
import type { FormProps } from './ballot-form.tsx';
import { RunningSum } from './rule-in-words.tsx';

/** A number an option: marks, points or votes. */
export function AmountsForm({ contest, draft, change }: FormProps) {
  const { title } = useSpeech();
  return (
    <>
      {contest.options.map(({ id, title: name }, option) => (
        <Amount key={id} {...{ option, draft, change }} id={`amount-${id}`} name={title(name)} />
      ))}
      <RunningSum contest={contest} draft={draft} />
    </>
  );
}

interface AmountProps {
  readonly id: string;
  readonly name: string;
  readonly option: number;
  readonly draft: BallotDraft;
  readonly change: (draft: BallotDraft) => void;
}

function Amount({ id, name, option, draft, change }: AmountProps) {
  const { say, number } = useSpeech();
  const value = at(draft.values, option);
  const most = at(draft.rule.max, option);
  // What is no number is shown as it was typed, and counts as it did before.
  const [typed, setTyped] = useState<string | undefined>(undefined);
  const set = (next: bigint): void => {
    setTyped(undefined);
    change(setAmount(draft, option, next));
  };
  const isWrong = typed !== undefined || value > most;
  const step = (by: bigint, text: string, label: string, isOut: boolean) => (
    <button type="button" aria-label={say(label, { name })} disabled={isOut} onClick={() => set(value + by)}>
      {text}
    </button>
  );
  return (
    <div class="amount">
      <label for={id}>{name}</label>
      <span class="steps">
        {step(-1n, '−', 'vote.form.less', value === 0n)}
        <input
          {...{ id, inputMode: 'numeric', autoComplete: 'off' }}
          value={typed ?? String(value)}
          aria-invalid={isWrong}
          aria-describedby={isWrong ? `${id}-wrong` : undefined}
          onInput={({ currentTarget: { value: text } }) => {
            const amount = amountOf(text);
            if (amount === undefined) setTyped(text);
            else set(amount);
          }}
        />
        {step(1n, '+', 'vote.form.more', !mayAdd(draft, option))}
      </span>
      {isWrong && (
        <span class="wrong" id={`${id}-wrong`}>
          {say('vote.form.range', { most: number(Number(most)) })}
        </span>
      )}
    </div>
  );
}
