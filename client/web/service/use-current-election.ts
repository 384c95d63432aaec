import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { ElectionView } from './election-view.ts';
import { fetchElection } from './election-view.ts';
import { serviceOf } from './where.ts';

/** Milliseconds between two looks at where the election stands; pages are opened at times of their own, which spreads them. */
const LOOK_AGAIN = 60_000;
/** A page that is seen again looks at once, unless it has looked so few milliseconds ago. */
const RECENT = 5_000;
/** Milliseconds after opening or close within which all pages look, not all at once. */
const SPREAD = 10_000;
/** The longest that a browser's timer takes. */
const LONGEST = 2 ** 31 - 1;

/**
 * The election as it stands while the page is seen: a page that was opened before the vote notices when it opens, and one that stays open
 * when it closes: it looks at those moments, too. What the service cannot say now is asked for again; an answer about another election is passed over.
 */
export function useCurrentElection(first: ElectionView): ElectionView {
  const [view, setView] = useState(first);
  const lookedAt = useRef(performance.now());
  const look = useCallback(async (): Promise<void> => {
    if (document.visibilityState !== 'visible' || performance.now() - lookedAt.current < RECENT) return;
    lookedAt.current = performance.now();
    const newer = await fetchElection(serviceOf(location)).catch(() => undefined);
    if (newer !== undefined) setView((known) => follow(known, newer));
  }, []);
  useEffect(() => {
    const again = (): void => void look();
    const timer = setInterval(again, LOOK_AGAIN);
    document.addEventListener('visibilitychange', again);
    addEventListener('online', again);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', again);
      removeEventListener('online', again);
    };
  }, [look]);
  useEffect(() => {
    const seconds = untilTurn(view);
    if (seconds === undefined) return undefined;
    const wait = Math.min(1000 * seconds + RECENT + SPREAD * Math.random(), LONGEST);
    const timer = setTimeout(() => void look(), wait);
    return () => clearTimeout(timer);
  }, [view, look]);
  return view;
}

/** Seconds, from the view's block on, until voting opens or closes or the grace ends, whichever is next; undefined once all are past. */
export function untilTurn(
  view: Pick<ElectionView, 'time' | 'opensAt' | 'closesAt' | 'graceEndsAt'>,
): number | undefined {
  const next = [view.opensAt, view.closesAt, view.graceEndsAt].find((turn) => turn > view.time);
  return next === undefined ? undefined : next - view.time;
}

/** What follows a view: definition and context stay the same objects, so that nothing that rests on them begins anew. */
export function follow(known: ElectionView, newer: ElectionView): ElectionView {
  const { definition, context } = known;
  const isSame = newer.definitionHash === known.definitionHash && newer.context.election === context.election;
  return isSame && newer.block >= known.block ? { ...newer, definition, context } : known;
}
