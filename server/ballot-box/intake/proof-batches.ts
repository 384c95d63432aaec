import { UrnaError, at } from '../../../protocol/errors.ts';
import type { ProofVerifier } from '../../../protocol/checks/proof-queue.ts';
import type { BatchItem } from '../../../protocol/math/pairing/weights.ts';
import type { BoxPoll } from '../followed/polls.ts';

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

/**
 * Verifies proofs of updates in batches, poll by poll, one verdict each: a wrong proof in a batch is found and spoils no other. How
 * many wait at most is not decided here but where updates are let in.
 */
export class ProofBatches {
  readonly #verifier: ProofVerifier;
  readonly #mostJobs: number;
  readonly #waiting: Claim[] = [];
  #underWay = 0;
  #jobs = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param jobs - given out at once: the threads, and one more that waits behind them */
  constructor(verifier: ProofVerifier, jobs: number) {
    this.#verifier = verifier;
    this.#mostJobs = jobs;
  }

  /** Proofs that wait or are being verified. */
  get size(): number {
    return this.#waiting.length + this.#underWay;
  }

  /** Whether the proof holds. @throws `busy/proofs` where the threads failed: nothing is known of the proof then */
  verify(poll: BoxPoll, item: BatchItem): Promise<boolean> {
    return new Promise((done, broken) => {
      this.#waiting.push({ poll, item, done, broken });
      this.#start();
    });
  }

  /** Begins what can begin: full jobs now, others when their first proof has waited long enough. */
  #start(): void {
    while (this.#waiting.length >= JOB && this.#jobs < this.#mostJobs) void this.#work(this.#take());
    if (this.#waiting.length === 0 || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#jobs < this.#mostJobs) void this.#work(this.#take());
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
    } catch {
      const error = new UrnaError('busy/proofs', 'the box could not check the ballot: hand it in again');
      for (const { broken } of claims) broken(error);
    } finally {
      this.#underWay -= claims.length;
      this.#jobs -= 1;
      this.#start();
    }
  }
}
