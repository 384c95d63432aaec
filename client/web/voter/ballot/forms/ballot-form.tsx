import type { Contest } from '../../../../../protocol/definition/definition.ts';
import { useSpeech } from '../../../frame/visitor.ts';
import type { BallotDraft } from '../ballot-draft.ts';
import { chooseBlank, isBlankAllowed, unchooseBlank } from '../ballot-draft.ts';
import { AmountsForm } from './amounts-form.tsx';
import { MarksForm } from './marks-form.tsx';
import { RankingForm } from './ranking-form.tsx';
import { ProblemOf, RuleInWords, UndervoteOf } from './rule-in-words.tsx';

/** What every form is given. */
export interface FormProps {
  readonly contest: Contest;
  readonly draft: BallotDraft;
  readonly change: (draft: BallotDraft) => void;
}

const FORMS = { one: MarksForm, some: MarksForm, amounts: AmountsForm, order: RankingForm } as const;

/** A contest's ballot to be filled in: the rule in words, the options, the blank vote where there is one, and what is not right yet. */
export function BallotForm(props: FormProps & { /** The voter has tried to go on. */ readonly isAsked: boolean }) {
  const { contest, draft, change, isAsked } = props;
  const { say, title } = useSpeech();
  const Form = FORMS[draft.family];
  return (
    <fieldset class="ballot" aria-describedby="rule">
      <legend>{title(contest.title)}</legend>
      <p id="rule">
        <RuleInWords contest={contest} draft={draft} />
      </p>
      <Form contest={contest} draft={draft} change={change} />
      {isBlankAllowed(draft) && (
        <label class="blank">
          <input
            type="checkbox"
            autocomplete="off"
            checked={draft.isBlank}
            onChange={({ currentTarget }) => change(currentTarget.checked ? chooseBlank(draft) : unchooseBlank(draft))}
          />
          {say('vote.form.blank')}
        </label>
      )}
      <div role="alert">{isAsked && <ProblemOf contest={contest} draft={draft} />}</div>
      <div role="status">
        <UndervoteOf draft={draft} />
      </div>
    </fieldset>
  );
}
