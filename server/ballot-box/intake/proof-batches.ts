import { UrnaError, at, require } from '../../../protocol/errors.ts';
import type { ProofVerifier } from '../../../protocol/checks/proof-queue.ts';
import type { BatchItem } from '../../../protocol/math/pairing/weights.ts';
import type { BoxPoll } from '../followed/polls.ts';

/** How proofs are collected. */
export interface BatchLimits {
  /** Proofs that wait or are being verified, at most: beyond it nothing more is taken. */
  readonly most: number;
  /** Jobs given out at once: the threads, and one more for each that waits behind it. */
  readonly jobs: number;
}

interface Claim {
  readonly poll: BoxPoll;
  readonly item: BatchItem;
  readonly done: (holds: boolean) => void;
  readonly broken: (error: unknown) => void;
}

/** Proofs of a job: verified together they cost a third of what they cost one by one; more make who waits wait longer. */
const JOB = 64;
/** Milliseconds that a proof waits for company. */
const PAUSE = 25;
/** What a job before the newest weighs in the measured rate, against the one after it. */
const FADING = 0.75;

/**
 * Verifies proofs of updates in batches, poll by poll, one verdict each: a wrong proof in a batch is found and spoils no other. What waits
 * is bounded; whoever comes too many is told how long the others take.
 */
export class ProofBatches {
  readonly #verifier: ProofVerifier;
  readonly #limits: BatchLimits;
  readonly #now: () => number;
  readonly #waiting: Claim[] = [];
  #underWay = 0;
  #jobs = 0;
  #timer: NodeJS.Timeout | undefined;
  /** Proofs that were verified lately while others waited, and the milliseconds that it took: a box with little to do is no measure. */
  readonly #lately = { proofs: 0, milliseconds: 0 };
  /** When the last job ended, if others have waited ever since. */
  #measured: number | undefined;

  /** @param now - a clock in milliseconds, for the time to wait */
  constructor(verifier: ProofVerifier, limits: BatchLimits, now: () => number = () => performance.now()) {
    this.#verifier = verifier;
    this.#limits = limits;
    this.#now = now;
  }

  /** Proofs that wait or are being verified. */
  get size(): number {
    return this.#waiting.length + this.#underWay;
  }

  /** Whether nothing more is taken at the moment. */
  get isFull(): boolean {
    return this.size >= this.#limits.most;
  }

  /**
   * Whole seconds until what is here now is done; at least 1. By how many were done lately, not by how long the threads took: where everything else that a
   * box does holds it up, this holds up who waits as well.
   */
  get secondsToWait(): number {
    const { proofs, milliseconds } = this.#lately;
    const each = proofs === 0 ? 1000 / JOB : milliseconds / proofs;
    return Math.max(1, Math.ceil((this.size * each) / 1000));
  }

  /** Whether the proof holds. @throws `busy/proofs` where too many wait, or where the threads failed: nothing is known of the proof then */
  verify(poll: BoxPoll, item: BatchItem): Promise<boolean> {
    require(!this.isFull, 'busy/proofs', 'the box has more ballots to check than it can: wait as long as it says');
    if (this.#waiting.length === 0) this.#measured = undefined;
    return new Promise((done, broken) => {
      this.#waiting.push({ poll, item, done, broken });
      this.#start();
    });
  }

  /** Begins what can begin: full jobs now, others when their first proof has waited long enough. */
  #start(): void {
    while (this.#waiting.length >= JOB && this.#jobs < this.#limits.jobs) void this.#work(this.#take());
    if (this.#waiting.length === 0 || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#jobs < this.#limits.jobs) void this.#work(this.#take());
      this.#start();
    }, PAUSE);
  }

  /** The oldest claim and others of its poll, in their order. */
  #take(): Claim[] {
    const poll = this.#waiting[0]?.poll;
    const taken: Claim[] = [];
    const left: Claim[] = [];
    for (const claim of this.#waiting) (claim.poll === poll && taken.length < JOB ? taken : left).push(claim);
    this.#waiting.splice(0, this.#waiting.length, ...left);
    return taken;
  }

  async #work(claims: readonly Claim[]): Promise<void> {
    if (claims.length === 0) return;
    const { key, signals } = at(claims, 0).poll;
    this.#jobs += 1;
    this.#underWay += claims.length;
    try {
      const failed = new Set(await this.#verifier({ key, constants: signals, items: claims.map(({ item }) => item) }));
      claims.forEach(({ done }, i) => done(!failed.has(i)));
      this.#measure(claims.length);
    } catch {
      const error = new UrnaError('busy/proofs', 'the box could not check the ballot: hand it in again');
      for (const { broken } of claims) broken(error);
    } finally {
      this.#underWay -= claims.length;
      this.#jobs -= 1;
      this.#start();
    }
  }

  #measure(proofs: number): void {
    const now = this.#now();
    if (this.#measured !== undefined) {
      this.#lately.proofs = FADING * this.#lately.proofs + proofs;
      this.#lately.milliseconds = FADING * this.#lately.milliseconds + now - this.#measured;
    }
    this.#measured = this.#waiting.length > 0 ? now : undefined;
  }
}
