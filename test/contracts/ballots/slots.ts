import { expect } from '@jest/globals';
import type { PostedUpdate } from '../../../contracts/ballots/batch.ts';
import type { Update } from '../../../protocol/ballot/statement.ts';
import type { BallotsFixture } from './fixture.ts';
import { stateAfter } from './fixture.ts';

type Made = PostedUpdate & { readonly update: Update };

/** Updates of slots nobody has used, on a fixture that is there once they are asked for. */
export interface Slots {
  fresh(poll?: number): Made;
  /** A slot cast into in round 0, and a later update of it. */
  occupied(): Promise<{ first: PostedUpdate; later: Made }>;
  /** All that a batch can change. */
  stored(nullifier: bigint, poll?: number): Promise<unknown[]>;
  /** Expects a batch to be refused with this error, and nothing to change. */
  expectRefused(updates: readonly PostedUpdate[], error: string): Promise<void>;
}

export function slotsOn(fixture: () => BallotsFixture): Slots {
  let next = 100n;
  const fresh = (poll = 0): Made => fixture().updateOf(poll, (next += 1n));
  const stored = (nullifier: bigint, poll = 0): Promise<unknown[]> =>
    Promise.all([
      fixture().view('slot', poll, nullifier),
      fixture().view('sums', poll),
      fixture().view('nonEmpty', poll),
    ]);
  return {
    fresh,
    stored,
    async occupied() {
      await fixture().setRound(0);
      const first = fresh();
      await fixture().post([first]);
      return { first, later: fixture().updateOf(0, first.update.nullifier, stateAfter(first)) };
    },
    async expectRefused(updates, error) {
      const { nullifier } = updates[0]!.update;
      const before = await stored(nullifier);
      await expect(fixture().post(updates)).rejects.toThrow(error);
      expect(await stored(nullifier)).toEqual(before);
    },
  };
}
