import type { FollowedState } from '../../frame/follow-forever.ts';
import type { BoxStore } from './box-store.ts';
import { KEYS } from './keys.ts';
import { pruneUpdates, reviveUpdates, settleUpdates } from './settle.ts';

/** Blocks for which a confirmed update is kept, beyond what the chain's profile waits for: should they be given up all the same, it is posted again. */
const KEEP_BLOCKS = 256;

/** A followed election whose every step settles the box's updates: what was accepted follows the chain, whoever posted it. */
export function settledState(store: BoxStore, followed: FollowedState): FollowedState {
  // Whether a reorganisation may have taken back what was confirmed: not known when a process starts.
  let unsure = true;
  const settle = async (next: number): Promise<void> => {
    if ((await store.redis.exists(KEYS.resync)) === 1) {
      unsure = true;
      return;
    }
    if (unsure) await reviveUpdates(store);
    unsure = false;
    await settleUpdates(store);
    await pruneUpdates(store, next - 1 - KEEP_BLOCKS);
  };
  return {
    load: async () => {
      const state = await followed.load();
      if (state !== undefined) await settle(state.next);
      return state;
    },
    apply: async (step) => {
      await followed.apply(step);
      await settle(step.state.next);
    },
    reset: () => followed.reset(),
  };
}
