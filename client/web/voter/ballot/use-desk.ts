import { useEffect, useRef, useState } from 'preact/hooks';
import type { ElectionView } from '../../service/election-view.ts';
import { serviceOf } from '../../service/where.ts';
import type { OpenedVoter } from '../opened-voter.ts';
import { BallotDesk, NOTHING } from './ballot-desk.ts';
import type { DeskNews } from './ballot-desk.ts';
import type { SlotSeen } from './ballot-tasks.ts';

/** The desk of a ballot paper as long as it is shown: it finds the slot and prepares the proof while the voter reads. */
export interface Desk {
  readonly news: DeskNews;
  /** The own slot, once it is found. */
  readonly seen: SlotSeen | undefined;
  /** Why the slot could not be found. */
  readonly error: unknown;
  /** Begins anew after an error, or for the slot as it is now. */
  readonly reopen: () => void;
  /** The worker's desk, once the slot is found. */
  readonly desk: () => BallotDesk | undefined;
}

interface Opened {
  readonly seen: SlotSeen | undefined;
  readonly error: unknown;
}

export function useDesk(view: ElectionView, { identity, file }: OpenedVoter, contest: number): Desk {
  const [attempt, setAttempt] = useState(0);
  const [news, setNews] = useState(NOTHING);
  const [opened, setOpened] = useState<Opened>({ seen: undefined, error: undefined });
  const desk = useRef<BallotDesk | undefined>(undefined);
  // The voter's file changes while ballots are followed; who votes, where, does not.
  const { district } = file;
  const { definition, context } = view;
  useEffect(() => {
    const own = new BallotDesk(setNews);
    desk.current = own;
    setNews(NOTHING);
    setOpened({ seen: undefined, error: undefined });
    const place = { service: serviceOf(location), definition, context, identity, district, contest };
    let isWanted = true;
    own.ask('open', place).then(
      (seen) => isWanted && setOpened({ seen, error: undefined }),
      (error: unknown) => isWanted && setOpened({ seen: undefined, error }),
    );
    return () => {
      isWanted = false;
      own.end();
    };
  }, [definition, context, identity, district, contest, attempt]);
  return { news, ...opened, reopen: () => setAttempt((count) => count + 1), desk: () => desk.current };
}
