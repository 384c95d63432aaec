import { useRef, useState } from 'preact/hooks';
import { at } from '../../../../../protocol/errors.ts';
import { useSpeech } from '../../../frame/visitor.ts';
import type { BallotDraft } from '../ballot-draft.ts';
import { mayAdd, rank } from '../ballot-draft.ts';
import type { FormProps } from './ballot-form.tsx';
import type { Dragging } from './use-dragging.ts';
import { useDragging } from './use-dragging.ts';
import type { FocusWish, RowButton } from './use-row-focus.ts';
import { useRowFocus } from './use-row-focus.ts';

/** An order of options, by buttons or by dragging; what has happened is told to those who do not see it. */
export function RankingForm({ contest, draft, change }: FormProps) {
  const { say, title, number } = useSpeech();
  /** Which option went where, undefined for out of the ranking. */
  const [moved, setMoved] = useState<{ readonly option: number; readonly place: number | undefined } | undefined>();
  const form = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLOListElement>(null);
  const focus = useRowFocus(form);
  const nameOf = (option: number): string => title(at(contest.options, option).title);
  const move = (option: number, place: number | undefined): void => {
    change(rank(draft, option, place));
    setMoved({ option, place });
  };
  const { dragged, handleOf } = useDragging(list, draft.order, move);
  const left = contest.options.map((_, option) => option).filter((option) => !draft.order.includes(option));
  const press = (option: number, place: number | undefined, button: RowButton): void => {
    focus(wishAfter(draft.order, left, option, button));
    move(option, place);
  };
  return (
    <div ref={form}>
      <h2 id="ranked">{say('vote.form.ranked')}</h2>
      {draft.order.length === 0 && <p class="note">{say('vote.form.nothing-ranked')}</p>}
      <ol class="ranking" aria-labelledby="ranked" ref={list}>
        {draft.order.map((option, place) => (
          <Ranked
            key={option}
            {...{ option, place, press }}
            name={nameOf(option)}
            last={draft.order.length - 1}
            isDragged={dragged === option}
            handle={handleOf(option)}
          />
        ))}
      </ol>
      {left.length > 0 && (
        <Unranked {...{ left, nameOf, draft }} add={(option) => press(option, draft.order.length, 'add')} />
      )}
      <p class="told" role="status">
        {moved !== undefined &&
          say(moved.place === undefined ? 'vote.form.taken-out' : 'vote.form.moved', {
            name: nameOf(moved.option),
            place: number((moved.place ?? 0) + 1),
          })}
      </p>
    </div>
  );
}

/** Where the focus goes when a button was pressed: it stays with the option; where that has left the list, with its neighbour there. */
function wishAfter(order: readonly number[], left: readonly number[], option: number, pressed: RowButton): FocusWish {
  if (pressed === 'up' || pressed === 'down')
    return [pressed, 'up', 'down', 'out'].map((button) => [option, button as RowButton]);
  const list = pressed === 'add' ? left : order;
  const place = list.indexOf(option);
  const neighbours = [list[place + 1], list[place - 1]];
  const others: RowButton[] = pressed === 'add' ? ['up', 'out'] : ['add'];
  return [...neighbours.map((each) => [each, pressed] as const), ...others.map((button) => [option, button] as const)];
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
          <li key={option} data-option={option}>
            <span class="name">{nameOf(option)}</span>
            <button
              type="button"
              data-button="add"
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
  readonly press: (option: number, place: number | undefined, button: RowButton) => void;
  readonly isDragged: boolean;
  readonly handle: ReturnType<Dragging['handleOf']>;
}

function Ranked({ option, name, place, last, press, isDragged, handle }: RankedProps) {
  const { say } = useSpeech();
  const button = (own: RowButton, text: string, label: string, isOut: boolean, to: number | undefined) => (
    <button
      type="button"
      data-button={own}
      aria-label={say(label, { name })}
      disabled={isOut}
      onClick={() => press(option, to, own)}
    >
      {text}
    </button>
  );
  return (
    <li class={isDragged ? 'dragged' : undefined} data-option={option}>
      <span class="handle" aria-hidden="true" {...handle}>
        ⠿
      </span>
      <span class="name">{name}</span>
      <span class="steps">
        {button('up', '↑', 'vote.form.up', place === 0, place - 1)}
        {button('down', '↓', 'vote.form.down', place === last, place + 1)}
        {button('out', '×', 'vote.form.take-out', false, undefined)}
      </span>
    </li>
  );
}
