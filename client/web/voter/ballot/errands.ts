import { UrnaError, require } from '../../../../protocol/errors.ts';
import type { RandomBytes } from '../../../../protocol/random.ts';
import { randomBelow } from '../../../../protocol/random.ts';
import type { Fate } from '../../../http/ballot-box.ts';
import { fetchFate, handIn, isTransient, postUpdate, readUpdate } from '../../../http/ballot-box.ts';
import { parseServerUrl } from '../../../http/server-url.ts';
import type { ServerUrl } from '../../../http/server-url.ts';
import type { ElectionView } from '../../service/election-view.ts';
import type { KeptBallot, KeptPromise } from './kept-ballots.ts';

/** Seconds within which a ballot is handed in after another one of the same voter: at once, they would be seen to belong together. */
const SPREAD = 60;
/** Seconds after which a voter's ballots no longer follow each other. */
const APART = 600;
/** Seconds before the close from which on no ballot waits for its neighbour's sake. */
const LATE = 300;

/** What an errand takes of an election. */
export type ErrandView = Pick<ElectionView, 'definition' | 'context' | 'services'>;

/** Whether there is still something to do for a ballot. */
export function isUnderWay({ state }: KeptBallot): boolean {
  return state !== 'confirmed' && state !== 'returned';
}

/** From when on a ballot that is cast now may be handed in: contests go out separately, at random delays. Unix seconds. */
export function notBeforeOf(
  kept: readonly KeptBallot[],
  now: number,
  { closesAt }: Pick<ElectionView, 'closesAt'>,
  random: RandomBytes,
): number {
  const isNear = kept.some(({ notBefore }) => notBefore > now - APART);
  return isNear && now < closesAt - LATE ? now + randomBelow(random, SPREAD) : now;
}

/** Where the boxes are. @throws `boxes/none` if the service names none, `server/url` */
export function boxesOf({ definition, services }: ErrandView): ServerUrl[] {
  const urls = definition.boxes.flatMap(({ id }) => services[id] ?? []);
  require(urls.length > 0, 'boxes/none', 'the service does not say where the ballot boxes are');
  return urls.map(parseServerUrl);
}

/**
 * Does what is next for a ballot: hands it in when its time has come, or asks what became of it. A box that refuses it has returned it; one
 * that is not reached changes nothing.
 *
 * @param now - Unix seconds @returns the ballot as it is then @throws what a box that may answer in a moment says, `boxes/none`
 */
export async function advance(
  view: ErrandView,
  ballot: KeptBallot,
  now: number,
  random: RandomBytes,
): Promise<KeptBallot> {
  if (ballot.state === 'kept') return now < ballot.notBefore ? ballot : handedIn(view, ballot, random);
  return isUnderWay(ballot) ? followed(ballot) : ballot;
}

async function handedIn(view: ErrandView, ballot: KeptBallot, random: RandomBytes): Promise<KeptBallot> {
  const { definition, context } = view;
  const update = readUpdate(definition, context, ballot.update ?? '');
  const post = async (server: ServerUrl): Promise<KeptPromise> => {
    const { box, promise, receipt } = await postUpdate(definition, context, update, server);
    const { tracker, round, by } = promise;
    return { box, server, tracker, round, by, receipt };
  };
  try {
    return { ...ballot, state: 'waiting', promises: [...(await handIn(update, boxesOf(view), random, post))] };
  } catch (error) {
    if (isTransient(error) || !(error instanceof UrnaError) || error.code === 'boxes/none') throw error;
    return over(ballot, 'returned', error.code);
  }
}

/**
 * One box that has it on chain is enough, and so is one with which it waits: the other may be gone for good. All that can be asked have to have returned it
 * before it is given up.
 *
 * @throws what a box said where none that knows the ballot answered
 */
async function followed(ballot: KeptBallot): Promise<KeptBallot> {
  const fates: Fate[] = [];
  let [silent, lost]: unknown[] = [];
  for (const { server, tracker } of ballot.promises) {
    try {
      fates.push(await fetchFate(server, tracker));
    } catch (error) {
      // A box that knows nothing of it any more has lost its store, and will not post it.
      if (error instanceof UrnaError && error.code === 'not-found/tracker') lost = error;
      else silent = error;
    }
  }
  const confirmed = fates.find(({ state }) => state === 'confirmed');
  if (confirmed !== undefined) return { ...over(ballot, 'confirmed', ''), block: confirmed.block };
  if (fates.some(({ state }) => state === 'sent')) return { ...ballot, state: 'sent' };
  if (fates.some(({ state }) => state === 'waiting')) return { ...ballot, state: 'waiting' };
  const [returned] = fates;
  if (returned === undefined || silent !== undefined) throw silent ?? lost;
  return over(ballot, 'returned', returned.code);
}

function over(ballot: KeptBallot, state: 'confirmed' | 'returned', code: string): KeptBallot {
  return { ...ballot, state, code, update: null };
}
