import type { ElectionAt } from '../../contracts/client/election.ts';
import { publishedBuilds } from '../../contracts/deploy/builds.ts';
import { follow } from '../../contracts/follower/follow.ts';
import type { FollowStep } from '../../contracts/follower/follow.ts';
import type { FollowState } from '../../contracts/follower/state.ts';
import { UrnaError } from '../../protocol/errors.ts';
import { rest } from './rest.ts';

/** What a service makes of the record: a cache that can be thrown away and made again from the chain (DESIGN §3). */
export interface FollowedState {
  /** Where it stands; undefined before anything was read. */
  load(): Promise<FollowState | undefined>;
  /** Takes over one step, all of it or nothing, together with its state; `step.keep` is never below the entries taken. */
  apply(step: FollowStep): Promise<void>;
  /** Forgets everything: the chain has given up blocks that were read, or the cache contradicts the chain. */
  reset(): Promise<void>;
}

/** How long to wait before asking a node again that did not answer. */
const PAUSE = 1_000;

/**
 * Follows the election until `signal` is aborted. Only confirmed blocks are read; should the chain give up one of them all the same, the cache is
 * made again from the first block. Never rejects: a node out of reach is waited for.
 *
 * @param note - told, in a code, what went wrong
 */
export async function followForever(
  at: ElectionAt,
  state: FollowedState,
  signal: AbortSignal,
  note: (code: string) => void,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await followOnce(at, state, signal);
    } catch (error) {
      note(error instanceof UrnaError ? error.code : 'internal/follow');
      // A cache that cannot be emptied now contradicts the chain again, and is emptied then.
      if (isContradiction(error)) await state.reset().catch(() => undefined);
      await rest(PAUSE, signal);
    }
  }
}

async function followOnce(at: ElectionAt, followed: FollowedState, signal: AbortSignal): Promise<void> {
  const state = await followed.load();
  let seq = state?.seq ?? 0;
  for await (const step of follow(at, { builds: publishedBuilds(), until: signal, ...(state && { state }) })) {
    if (step.keep < seq) return followed.reset();
    await followed.apply(step);
    seq = step.state.seq;
  }
}

/** What only a wrong cache can cause. */
function isContradiction(error: unknown): boolean {
  return error instanceof UrnaError && error.code === 'follow/state';
}
