import { UrnaError } from '../../../protocol/errors.ts';

/** What the time that an update took weighs against that of the next, in the measured rate: some hundreds count. */
const FADING = 511 / 512;
/** Updates a second, before anything was measured: what two cores do at least. */
const ASSUMED = 64;

/** What is told to whoever cannot be let in. */
export function busy(): UrnaError {
  return new UrnaError('busy/proofs', 'the box has more ballots to check than it can: wait as long as it says');
}

/**
 * Lets in as many updates at once as a box may hold before they are stored, so that its memory is bounded, and tells everybody else how long those take.
 *
 * Counted is the whole way of an update, not only the check of its proof: whatever of it holds up the others, they wait for it.
 */
export class Admission {
  readonly #most: number;
  readonly #now: () => number;
  #inside = 0;
  /** Updates that were done lately while the box was at least half full, and the milliseconds that it took: one with little to do is no measure. */
  readonly #lately = { updates: 0, milliseconds: 0 };
  /** When the last was done, if the box has been half full ever since. */
  #measured: number | undefined;

  /** @param now - a clock in milliseconds */
  constructor(most: number, now: () => number = () => performance.now()) {
    this.#most = most;
    this.#now = now;
  }

  /** Updates that are being worked on. */
  get size(): number {
    return this.#inside;
  }

  /** Whether nobody is let in at the moment. */
  get isFull(): boolean {
    return this.#inside >= this.#most;
  }

  /** Whole seconds until what is inside now is done, at the rate of late; at least 1. */
  get secondsToWait(): number {
    const { updates, milliseconds } = this.#lately;
    const each = updates === 0 ? 1000 / ASSUMED : milliseconds / updates;
    return Math.max(1, Math.ceil((this.#inside * each) / 1000));
  }

  /** Does the work of an update. @throws `busy/proofs` where there is no room for it, and what the work throws */
  async work<T>(work: () => Promise<T>): Promise<T> {
    if (this.isFull) throw busy();
    this.#inside += 1;
    try {
      return await work();
    } finally {
      this.#measure();
      this.#inside -= 1;
    }
  }

  #measure(): void {
    const now = this.#now();
    if (this.#measured !== undefined) {
      this.#lately.updates = FADING * this.#lately.updates + 1;
      this.#lately.milliseconds = FADING * this.#lately.milliseconds + now - this.#measured;
    }
    this.#measured = 2 * this.#inside >= this.#most ? now : undefined;
  }
}
