import { useEffect, useRef } from 'preact/hooks';
import { at } from '../../../../protocol/errors.ts';
import { Failure } from '../../frame/failure.tsx';
import { useSpeech } from '../../frame/visitor.ts';
import { Waiting } from '../views/waiting.tsx';
import { draftValues } from './ballot-draft.ts';
import { Challenged } from './challenged.tsx';
import { Decide } from './decide.tsx';
import { DeskProgress } from './desk-progress.tsx';
import { BallotForm } from './forms/ballot-form.tsx';
import { VoteInWords } from './forms/vote-in-words.tsx';
import { PaperOver } from './paper-over.tsx';
import { SlotNote } from './slot-note.tsx';
import type { PaperAtWork, PaperProps } from './use-paper.ts';
import { usePaper } from './use-paper.ts';

/** A ballot paper: filled in, reviewed, encrypted, and then cast or challenged. */
export function Paper(props: PaperProps) {
  const { say, title } = useSpeech();
  const paper = usePaper(props);
  const { state, desk, isBusy, error } = paper;
  const place = useRef<HTMLElement>(null);
  useEffect(() => place.current?.querySelector('h1')?.focus(), [state.at]);
  const contest = at(props.view.definition.contests, props.contest);
  // What a challenged ballot held can be checked after the close as well.
  if (paper.isOver && state.at !== 'challenged') return <PaperOver {...props} />;
  return (
    <section ref={place} class="paper" aria-labelledby="paper">
      <h1 id="paper" tabIndex={-1}>
        {say(`vote.paper.${state.at}`, { contest: title(contest.title) })}
      </h1>
      <Content {...props} paper={paper} />
      {desk.error !== undefined && <Failure error={desk.error} retry={desk.reopen} />}
      {error !== undefined && <Failure error={error} />}
      {!paper.isOver && <DeskProgress news={desk.news} />}
      {paper.isProving ? (
        <Waiting isBusy text={say('vote.paper.proving')} done={desk.news.proof} />
      ) : (
        <Waiting isBusy={isBusy} text={say('vote.paper.encrypting')} />
      )}
      <Buttons paper={paper} leave={props.leave} />
    </section>
  );
}

function Content({ view, ballots, contest, paper }: PaperProps & { readonly paper: PaperAtWork }) {
  const { say } = useSpeech();
  const own = at(view.definition.contests, contest);
  const { state, desk, change } = paper;
  switch (state.at) {
    case 'fill':
      return (
        <>
          <SlotNote seen={desk.seen} kept={ballots.kept} contest={contest} />
          <BallotForm contest={own} draft={state.draft} change={change} isAsked={state.isAsked} />
        </>
      );
    case 'review':
      return (
        <>
          {paper.isCancelled && <p role="status">{say('vote.paper.cancelled')}</p>}
          <p>{say('vote.paper.review-how')}</p>
          <VoteInWords contest={own} values={draftValues(state.draft)} />
        </>
      );
    case 'decide':
      return <Decide fingerprint={state.fingerprint} />;
    case 'challenged':
      return <Challenged fingerprint={state.fingerprint} opening={state.opening} />;
  }
}

function Buttons({ paper, leave }: { readonly paper: PaperAtWork; readonly leave: () => void }) {
  const { say } = useSpeech();
  const { state, desk, isBusy, isOver, isProving, cancel, goOn, encrypt, cast, challenge, back } = paper;
  const isReady = !isBusy && desk.seen !== undefined;
  const button = (text: string, act: () => void, isMain = false, isOut = isBusy) => (
    <button type="button" class={isMain ? 'main' : undefined} disabled={isOut} onClick={act}>
      {say(`vote.paper.${text}`)}
    </button>
  );
  return (
    <p class="buttons">
      {state.at === 'fill' && button('go-on', goOn, true)}
      {state.at === 'review' && button('encrypt', encrypt, true, !isReady)}
      {state.at === 'decide' && button('cast', cast, true)}
      {state.at === 'decide' && button('challenge', challenge)}
      {state.at !== 'fill' && !isOver && button(state.at === 'challenged' ? 'again' : 'back', back)}
      {isProving && button('cancel', cancel, false, false)}
      {button('leave', leave, false, false)}
    </p>
  );
}
