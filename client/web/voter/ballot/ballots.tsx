import { useEffect, useRef, useState } from 'preact/hooks';
import { polls } from '../../../../protocol/definition/polls.ts';
import { at } from '../../../../protocol/errors.ts';
import { Failure } from '../../frame/failure.tsx';
import { useSpeech } from '../../frame/visitor.ts';
import { isVoting, phaseText } from '../../service/election-view.ts';
import type { ElectionView, Phase } from '../../service/election-view.ts';
import type { OpenedVoter } from '../opened-voter.ts';
import { MySlots } from '../slots/my-slots.tsx';
import { FindByReceipt } from '../slots/receipt-form.tsx';
import type { ViewProps } from '../voter.tsx';
import type { KeptBallot } from './kept-ballots.ts';
import { KeptBallotLine } from './kept-ballot-line.tsx';
import { Paper } from './paper.tsx';
import type { Ballots } from './use-ballots.ts';
import { useBallots } from './use-ballots.ts';

interface BallotsProps extends ViewProps {
  readonly voter: OpenedVoter;
  /** Index of the contest whose ballot paper is shown. */
  readonly current: number | undefined;
  readonly setCurrent: (contest: number | undefined) => void;
}

/** Phases in which a slot may hold something. */
const HAS_SLOTS: readonly Phase[] = ['open', 'closed', 'counted', 'certified', 'cancelled'];

/** A voter's contests: what was cast in each, and its ballot paper. */
export function BallotsOf(props: BallotsProps) {
  const { view, tell, voter, current, setCurrent } = props;
  const { say, title } = useSpeech();
  const ballots = useBallots(view, voter, tell);
  /** The contest whose ballot was cast a moment ago: kept as such, to be told in whatever language the page then speaks. */
  const [cast, setCast] = useState<number | undefined>(undefined);
  const last = useRef<number | undefined>(undefined);
  useEffect(() => {
    // Back from a paper, the voter is where that contest stands in the list.
    if (current === undefined && last.current !== undefined) document.getElementById(nameId(last.current))?.focus();
    last.current = current;
  }, [current]);
  const choose = (contest: number | undefined): void => {
    setCast(undefined);
    setCurrent(contest);
  };
  const done = (): void => {
    setCurrent(undefined);
    setCast(current);
  };
  return (
    <>
      <div role="status">
        {cast !== undefined && (
          <p class="passed">
            {say('vote.contests.cast', { contest: title(at(view.definition.contests, cast).title) })}
          </p>
        )}
      </div>
      {current === undefined ? (
        <Contests {...{ view, voter, ballots, choose }} />
      ) : (
        <Paper {...{ view, voter, ballots, done }} contest={current} leave={() => choose(undefined)} />
      )}
    </>
  );
}

interface ContestsProps extends Pick<BallotsProps, 'view' | 'voter'> {
  readonly ballots: Ballots;
  readonly choose: (contest: number) => void;
}

function Contests({ view, voter, ballots, choose }: ContestsProps) {
  const { say } = useSpeech();
  const isOpen = isVoting(view);
  const contests = contestsOf(view, voter.file.district);
  return (
    <>
      <section aria-labelledby="contests">
        <h2 id="contests">{say('vote.contests.title')}</h2>
        {!isOpen && <p>{say('vote.contests.not-open', { phase: say(phaseText(view)) })}</p>}
        {ballots.error !== undefined && <Failure error={ballots.error} />}
        <ul class="contests">
          {contests.map((contest) => (
            <ContestLine
              key={contest}
              {...{ view, contest, isOpen }}
              kept={ballots.kept.filter((ballot) => ballot.contest === contest)}
              choose={() => choose(contest)}
            />
          ))}
        </ul>
      </section>
      {HAS_SLOTS.includes(view.phase) && <MySlots {...{ view, voter, contests }} kept={ballots.kept} />}
      {HAS_SLOTS.includes(view.phase) && <FindByReceipt view={view} />}
    </>
  );
}

/** Id of a contest's name in the list. */
function nameId(contest: number): string {
  return `contest-${contest}`;
}

/** Indices of the contests that a district votes in, in the definition's order. */
function contestsOf({ definition }: ElectionView, district: number): number[] {
  const own = polls(definition).filter((poll) => poll.district === district);
  return [...new Set(own.map(({ contest }) => contest))].sort((a, b) => a - b);
}

interface ContestLineProps {
  readonly view: ElectionView;
  readonly contest: number;
  readonly isOpen: boolean;
  readonly kept: readonly KeptBallot[];
  readonly choose: () => void;
}

function ContestLine({ view, contest, isOpen, kept, choose }: ContestLineProps) {
  const { say, title } = useSpeech();
  const { title: name } = at(view.definition.contests, contest);
  const [last, ...older] = [...kept].reverse();
  const isUnder = last?.state === 'kept' || last?.state === 'waiting' || last?.state === 'sent';
  const counts = kept.some(({ state }) => state !== 'returned');
  return (
    <li>
      <h3 id={nameId(contest)} tabIndex={-1}>
        {title(name)}
      </h3>
      {last === undefined ? <p>{say('vote.contests.none')}</p> : <KeptBallotLine ballot={last} />}
      {older.length > 0 && <p class="note">{say('vote.contests.older', { number: older.length })}</p>}
      {isOpen && (
        <button
          type="button"
          disabled={isUnder}
          aria-label={`${say(counts ? 'vote.contests.change' : 'vote.contests.vote')}: ${title(name)}`}
          onClick={choose}
        >
          {say(counts ? 'vote.contests.change' : 'vote.contests.vote')}
        </button>
      )}
      {isOpen && isUnder && <p class="note">{say('vote.contests.wait')}</p>}
    </li>
  );
}
