import { useEffect, useReducer, useState } from 'preact/hooks';
import { at } from '../../../../protocol/errors.ts';
import { isVoting } from '../../service/election-view.ts';
import type { ElectionView } from '../../service/election-view.ts';
import type { OpenedVoter } from '../opened-voter.ts';
import { randomBytes } from '../random.ts';
import type { Attempt } from '../../frame/use-attempt.ts';
import { useAttempt } from '../../frame/use-attempt.ts';
import { draftProblem, draftValues, emptyDraft } from './ballot-draft.ts';
import type { BallotDraft } from './ballot-draft.ts';
import { notBeforeOf } from './errands.ts';
import { nextPaper } from './paper-state.ts';
import type { PaperState } from './paper-state.ts';
import type { Ballots } from './use-ballots.ts';
import type { Desk } from './use-desk.ts';
import { useDesk } from './use-desk.ts';
import { useProof } from './use-proof.ts';

/** Whose paper, of which contest. */
export interface PaperProps {
  readonly view: ElectionView;
  readonly voter: OpenedVoter;
  readonly ballots: Ballots;
  /** Index of the contest. */
  readonly contest: number;
  /** Back to the list of contests. */
  readonly leave: () => void;
  /** The same, once the ballot is cast. */
  readonly done: () => void;
}

/** A ballot paper at work: where the voter is, and what can be done there. */
export interface PaperAtWork extends Pick<Attempt, 'isBusy' | 'error'> {
  readonly state: PaperState;
  readonly desk: Desk;
  /** Whether voting ended while the paper was open: what was not cast is forgotten. */
  readonly isOver: boolean;
  readonly isProving: boolean;
  /** Whether the last proof was given up. */
  readonly isCancelled: boolean;
  readonly change: (draft: BallotDraft) => void;
  readonly goOn: () => void;
  readonly back: () => void;
  readonly encrypt: () => void;
  readonly challenge: () => void;
  readonly cast: () => void;
  /** Gives a proof in progress up: the ballot is forgotten, the choice stays. */
  readonly cancel: () => void;
}

export function usePaper({ view, voter, ballots, contest, done }: PaperProps): PaperAtWork {
  const own = at(view.definition.contests, contest);
  const [state, tell] = useReducer(nextPaper, own, (of): PaperState => ({
    at: 'fill',
    draft: emptyDraft(of),
    isAsked: false,
  }));
  const desk = useDesk(view, voter, contest);
  const proof = useProof(desk);
  const { isBusy, error, start } = useAttempt();
  const isOver = useOver(view, desk);
  useLeaveWarning(!isOver && (isBusy || state.at === 'decide'));
  const encrypt = async (): Promise<void> => {
    const made = await desk.desk()?.ask('encrypt', { values: draftValues(state.draft) });
    if (made) tell({ type: 'encrypted', fingerprint: made.fingerprint });
  };
  const challenge = async (): Promise<void> => {
    const made = await desk.desk()?.ask('challenge', undefined);
    if (made) tell({ type: 'opened', opening: made.opening });
  };
  const cast = async (): Promise<void> => {
    const update = await proof.prove();
    if (update === undefined || state.at !== 'decide' || desk.seen === undefined) return;
    const notBefore = notBeforeOf(ballots.kept, Math.floor(Date.now() / 1000), view, randomBytes);
    const fate = { promises: [], state: 'kept', code: '', block: null } as const;
    const { fingerprint } = state;
    await ballots.add({ contest, isChange: !desk.seen.isEmpty, fingerprint, notBefore, update, ...fate });
    done();
  };
  return {
    ...{ state, desk, isBusy, error, isOver },
    ...{ isProving: proof.isProving, isCancelled: proof.isCancelled },
    change: (draft) => tell({ type: 'changed', draft }),
    goOn: () => tell({ type: 'filled', isRight: draftProblem(state.draft) === undefined }),
    back: () => tell({ type: 'back' }),
    encrypt: () => start(encrypt),
    challenge: () => start(challenge),
    cast: () => start(cast),
    cancel: () => {
      if (proof.cancel()) tell({ type: 'back' });
    },
  };
}

/** Whether voting has ended since the paper was opened. Its worker ends with it, at whatever it is; an extension begins with another paper. */
function useOver(view: ElectionView, { desk }: Desk): boolean {
  const [isOver, setOver] = useState(false);
  const isOpen = isVoting(view);
  useEffect(() => {
    if (isOpen || isOver) return;
    desk()?.end();
    setOver(true);
  });
  return isOver || !isOpen;
}

/** Asks before the page is left while that would lose a ballot. */
function useLeaveWarning(isLosing: boolean): void {
  useEffect(() => {
    if (!isLosing) return undefined;
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [isLosing]);
}
