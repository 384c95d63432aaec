import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { ElectionView } from '../../service/election-view.ts';
import type { OpenedVoter } from '../opened-voter.ts';
import { randomBytes } from '../random.ts';
import { saveVoter } from '../vault.ts';
import type { ViewProps } from '../voter.tsx';
import { advance, isUnderWay } from './errands.ts';
import type { KeptBallot } from './kept-ballots.ts';
import { decodeBallots, encodeBallots } from './kept-ballots.ts';

/** Name of the ballots among what voting keeps in the voter's file. */
const NAME = 'ballots';
/** Milliseconds between two questions: the first ones soon, later ones rarely. */
const [SOON, RARELY] = [1_000, 15_000] as const;

/** A voter's ballots that were cast, and what goes wrong with them just now. */
export interface Ballots {
  readonly kept: readonly KeptBallot[];
  /** Why nothing goes on at present; it is tried again by itself. */
  readonly error: unknown;
  /** Keeps a ballot, sealed, and begins its errands. @throws `vault/*` */
  readonly add: (ballot: KeptBallot) => Promise<void>;
}

type Edit = (ballots: readonly KeptBallot[]) => readonly KeptBallot[];

/** Keeps ballots in the voter's vault and runs their errands while the vault is open: hands them in, and follows them until they are on chain. */
export function useBallots(view: ElectionView, voter: OpenedVoter, tell: ViewProps['tell']): Ballots {
  const latest = useRef(voter);
  if (voter.revision >= latest.current.revision) latest.current = voter;
  const queue = useRef(Promise.resolve());
  const isShown = useRef(true);
  const kept = useMemo(() => decodeBallots(voter.file.voting[NAME]), [voter]);

  const change = useCallback(
    (edit: Edit): Promise<void> => {
      // One after the other: each change starts from what the last one wrote.
      const done = queue.current.then(async () => {
        const { file } = latest.current;
        const ballots = encodeBallots(edit(decodeBallots(file.voting[NAME])));
        latest.current = await saveVoter(latest.current, { voting: { ...file.voting, [NAME]: ballots } });
        // A voter who has locked the vault meanwhile does not see it opened again.
        if (isShown.current) tell({ type: 'opened', voter: latest.current });
      });
      queue.current = done.catch(() => undefined);
      return done;
    },
    [tell],
  );

  useEffect(() => {
    isShown.current = true;
    return () => {
      isShown.current = false;
    };
  }, []);
  const current = useCallback(() => decodeBallots(latest.current.file.voting[NAME]), []);
  const error = useErrands(view, kept.some(isUnderWay), current, change);
  const add = useCallback((ballot: KeptBallot) => change((ballots) => [...ballots, ballot]), [change]);
  return { kept, error, add };
}

/** Runs the errands of all ballots again and again while one is under way. @returns why nothing goes on at present */
function useErrands(
  view: ElectionView,
  isBusy: boolean,
  current: () => readonly KeptBallot[],
  change: (edit: Edit) => Promise<void>,
): unknown {
  const [error, setError] = useState<unknown>(undefined);
  useEffect(() => {
    if (!isBusy) return undefined;
    let isWanted = true;
    let wait: number = SOON;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const round = async (): Promise<void> => {
      try {
        const isChanged = await runErrands(view, current(), change);
        setError(undefined);
        wait = isChanged ? SOON : Math.min(1.3 * wait, RARELY);
      } catch (reason) {
        setError(reason);
        wait = Math.min(2 * wait, RARELY);
      }
      if (isWanted) timer = setTimeout(() => void round(), wait);
    };
    void round();
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [view, isBusy, current, change]);
  return error;
}

/** One step for each ballot that is under way. @returns whether one of them got further @throws what the last one that could not says */
async function runErrands(
  view: ElectionView,
  ballots: readonly KeptBallot[],
  change: (edit: Edit) => Promise<void>,
): Promise<boolean> {
  let isChanged = false;
  let failure: unknown;
  for (const ballot of ballots.filter(isUnderWay)) {
    try {
      const next = await advance(view, ballot, Math.floor(Date.now() / 1000), randomBytes);
      if (next.state === ballot.state) continue;
      isChanged = true;
      await change((all) => all.map((each) => (each.fingerprint === ballot.fingerprint ? next : each)));
    } catch (error) {
      // The other ballots may have other boxes.
      failure = error;
    }
  }
  if (failure !== undefined) throw failure;
  return isChanged;
}
