import { useEffect, useState } from 'preact/hooks';
import type { ElectionView } from './election-view.ts';
import { fetchElection } from './election-view.ts';
import { serviceOf } from './where.ts';

/** Milliseconds between two looks at where the election stands; pages are opened at times of their own, which spreads them. */
const LOOK_AGAIN = 60_000;
/** A page that is seen again looks at once, unless it has looked so few milliseconds ago. */
const RECENT = 5_000;

/**
 * The election as it stands while the page is seen: a page that was opened before the vote notices when it opens, and one that stays open
 * when it closes. What the service cannot say now is asked for again; an answer about another election is passed over.
 */
export function useCurrentElection(first: ElectionView): ElectionView {
  const [view, setView] = useState(first);
  useEffect(() => {
    let lookedAt = performance.now();
    const look = async (): Promise<void> => {
      if (document.visibilityState !== 'visible' || performance.now() - lookedAt < RECENT) return;
      lookedAt = performance.now();
      const newer = await fetchElection(serviceOf(location)).catch(() => undefined);
      if (newer !== undefined) setView((known) => follow(known, newer));
    };
    const again = (): void => void look();
    const timer = setInterval(again, LOOK_AGAIN);
    document.addEventListener('visibilitychange', again);
    addEventListener('online', again);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', again);
      removeEventListener('online', again);
    };
  }, []);
  return view;
}

/** What follows a view: definition and context stay the same objects, so that nothing that rests on them begins anew. */
export function follow(known: ElectionView, newer: ElectionView): ElectionView {
  const { definition, context } = known;
  const isSame = newer.definitionHash === known.definitionHash && newer.context.election === context.election;
  return isSame && newer.block >= known.block ? { ...newer, definition, context } : known;
}
