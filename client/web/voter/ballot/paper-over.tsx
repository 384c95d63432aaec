import { useEffect, useRef } from 'preact/hooks';
import { at } from '../../../../protocol/errors.ts';
import { useSpeech } from '../../frame/visitor.ts';
import type { ElectionView } from '../../service/election-view.ts';

interface PaperOverProps {
  readonly view: ElectionView;
  /** Index of the contest. */
  readonly contest: number;
  /** Back to the list of contests. */
  readonly leave: () => void;
}

/** In the place of a ballot paper that was open, or at its proof, when voting ended: what became of it, and the way on. */
export function PaperOver({ view, contest, leave }: PaperOverProps) {
  const { say, title, time } = useSpeech();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const of = { contest: title(at(view.definition.contests, contest).title) };
  const isCancelled = view.phase === 'cancelled';
  return (
    <section class="paper" aria-labelledby="paper">
      <h1 id="paper" tabIndex={-1} ref={heading}>
        {say(isCancelled ? 'vote.over.cancelled' : 'vote.over.title', of)}
      </h1>
      <p>
        {isCancelled ? say('vote.over.not-cast-cancelled') : say('vote.over.not-cast', { time: time(view.closesAt) })}
      </p>
      {!isCancelled && <p>{say('vote.over.before')}</p>}
      <p class="buttons">
        <button type="button" class="main" onClick={leave}>
          {say('vote.paper.leave')}
        </button>
      </p>
    </section>
  );
}
