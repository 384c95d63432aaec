import { useEffect, useReducer, useRef } from 'preact/hooks';
import type { ElectionView } from '../service/election-view.ts';
import { useCurrentElection } from '../service/use-current-election.ts';
import { CheckWords } from './views/check-words.tsx';
import { EnterLetter } from './views/enter-letter.tsx';
import { Opened } from './views/opened.tsx';
import { Passphrase } from './views/passphrase.tsx';
import { Restore } from './views/restore.tsx';
import { ShowStanding } from './views/show-standing.tsx';
import { ShowWords } from './views/show-words.tsx';
import { Start } from './views/start.tsx';
import { Unlock } from './views/unlock.tsx';
import type { Returned } from './returned.ts';
import type { VoterEvent, VoterState } from './voter-state.ts';
import { nextState, wouldLose } from './voter-state.ts';

/** What every view of the voter's page is given. */
export interface ViewProps {
  readonly view: ElectionView;
  readonly tell: (event: VoterEvent) => void;
  /** For who has just come back from a login. */
  readonly returned: Returned | undefined;
}

interface VoterProps {
  readonly view: ElectionView;
  /** Whether this device has an identity for this election. */
  readonly isKept: boolean;
  readonly returned: Returned | undefined;
}

/** One view at a time; where it leads to says `nextState`. */
export function Voter({ view: first, isKept, returned }: VoterProps) {
  const view = useCurrentElection(first);
  const [state, tell] = useReducer(nextState, { at: isKept ? 'locked' : 'start' } as VoterState);
  const place = useRef<HTMLDivElement>(null);
  const isArriving = useRef(true);
  useEffect(() => {
    // A screen reader is told that there is another view; not on arrival, where the page's own beginning is right.
    if (!isArriving.current) place.current?.querySelector('h1')?.focus();
    isArriving.current = false;
  }, [state.at]);
  const isLosing = wouldLose(state);
  useEffect(() => {
    if (!isLosing) return undefined;
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [isLosing]);
  return (
    <div ref={place} class="voter">
      <ViewOf {...{ state, view, tell, returned }} />
    </div>
  );
}

function ViewOf({ state, ...props }: ViewProps & { readonly state: VoterState }) {
  switch (state.at) {
    case 'start':
      return <Start {...props} />;
    case 'locked':
      return <Unlock {...props} />;
    case 'letter':
      return <EnterLetter {...props} voter={state.voter} />;
    case 'standing':
      return <ShowStanding {...props} letter={state.letter} standing={state.standing} voter={state.voter} />;
    case 'words':
      return <ShowWords {...props} words={state.words} />;
    case 'check':
      return <CheckWords {...props} words={state.words} />;
    case 'passphrase':
      return <Passphrase {...props} making={state.making} />;
    case 'restore':
      return <Restore {...props} letter={state.letter} />;
    case 'opened':
      return <Opened {...props} voter={state.voter} />;
  }
}
