import { useRef, useState } from 'preact/hooks';
import { at } from '../../../../../protocol/errors.ts';
import { useSpeech } from '../../../frame/visitor.ts';
import type { BallotDraft } from '../ballot-draft.ts';
import { mayAdd, rank } from '../ballot-draft.ts';
import type { FormProps } from './ballot-form.tsx';
import type { Dragging } from './use-dragging.ts';
import { useDragging } from './use-dragging.ts';

/** An order of options, by buttons or by dragging; what has happened is told to those who do not see it. */
export function RankingForm({ contest, draft, change }: FormProps) {
  const { say, title, number } = useSpeech();
  const [told, setTold] = useState('');
  const list = useRef<HTMLOListElement>(null);
  const nameOf = (option: number): string => title(at(contest.options, option).title);
  const move = (option: number, place: number | undefined): void => {
    change(rank(draft, option, place));
    const values = { name: nameOf(option), place: number((place ?? 0) + 1) };
    setTold(say(place === undefined ? 'vote.form.taken-out' : 'vote.form.moved', values));
  };
  const { dragged, handleOf } = useDragging(list, draft.order, move);
  const left = contest.options.map((_, option) => option).filter((option) => !draft.order.includes(option));
  return (
    <>
      <h2 id="ranked">{say('vote.form.ranked')}</h2>
      {draft.order.length === 0 && <p class="note">{say('vote.form.nothing-ranked')}</p>}
      <ol class="ranking" aria-labelledby="ranked" ref={list}>
        {draft.order.map((option, place) => (
          <Ranked
            key={option}
            {...{ option, place, move }}
            name={nameOf(option)}
            last={draft.order.length - 1}
            isDragged={dragged === option}
            handle={handleOf(option)}
          />
        ))}
      </ol>
      {left.length > 0 && <Unranked {...{ left, nameOf, draft }} add={(option) => move(option, draft.order.length)} />}
      <p class="told" role="status">
        {told}
      </p>
    </>
  );
}

interface UnrankedProps {
  readonly left: readonly number[];
  readonly nameOf: (option: number) => string;
  readonly draft: BallotDraft;
  readonly add: (option: number) => void;
}

function Unranked({ left, nameOf, draft, add }: UnrankedProps) {
  const { say } = useSpeech();
  return (
    <>
      <h2 id="unranked">{say('vote.form.unranked')}</h2>
      <ul class="ranking" aria-labelledby="unranked">
        {left.map((option) => (
          <li key={option}>
            <span class="name">{nameOf(option)}</span>
            <button
              type="button"
              aria-label={say('vote.form.add', { name: nameOf(option) })}
              disabled={!mayAdd(draft, option)}
              onClick={() => add(option)}
            >
              +
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

interface RankedProps {
  readonly option: number;
  readonly name: string;
  readonly place: number;
  /** Place of the last one. */
  readonly last: number;
  readonly move: (option: number, place: number | undefined) => void;
  readonly isDragged: boolean;
  readonly handle: ReturnType<Dragging['handleOf']>;
}

function Ranked({ option, name, place, last, move, isDragged, handle }: RankedProps) {
  const { say } = useSpeech();
  const button = (text: string, label: string, isOut: boolean, to: number | undefined) => (
    <button type="button" aria-label={say(label, { name })} disabled={isOut} onClick={() => move(option, to)}>
      {text}
    </button>
  );
  return (
    <li class={isDragged ? 'dragged' : undefined}>
      <span class="handle" aria-hidden="true" {...handle}>
        ⠿
      </span>
      <span class="name">{name}</span>
      <span class="steps">
        {button('↑', 'vote.form.up', place === 0, place - 1)}
        {button('↓', 'vote.form.down', place === last, place + 1)}
        {button('×', 'vote.form.take-out', false, undefined)}
      </span>
    </li>
  );
}
