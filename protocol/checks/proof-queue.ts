import type { VerifyingKey } from '../math/groth16-key.ts';
import { prepareKey, verifyBatch } from '../math/groth16-batch.ts';
import type { BatchItem } from '../math/pairing/weights.ts';

/** Proofs of one poll, to be verified together. */
export interface ProofJob {
  readonly key: VerifyingKey;
  /** The poll's public signals, which come first. */
  readonly constants: readonly bigint[];
  /** Each update's own signals, and its proof. */
  readonly items: readonly BatchItem[];
}

/**
 * Verifies the proofs of a job. Whoever has threads gives a verifier that uses them.
 *
 * @returns the indices of items that are not proved
 */
export type ProofVerifier = (job: ProofJob) => Promise<readonly number[]>;

/** Verifies in this thread. @throws `proof/signals` */
export async function verifyHere({ key, constants, items }: ProofJob): Promise<readonly number[]> {
  return verifyBatch(await prepareKey(key, constants), items);
}

interface Claim extends BatchItem {
  readonly refuse: () => void;
}

/** Proofs held before they are verified together: many cost little more than a few, and memory stays bounded. */
const BATCH = 1024;
/** Jobs under way at once, at most: enough for the threads of a large machine. */
const MAX_UNDER_WAY = 64;

/** Proofs of all polls on their way to a batched verification. */
export class ProofQueue {
  readonly #verifier: ProofVerifier;
  readonly #waiting = new Map<
    number,
    { readonly key: VerifyingKey; readonly constants: readonly bigint[]; claims: Claim[] }
  >();
  readonly #underWay = new Set<Promise<void>>();
  #failure: unknown;

  constructor(verifier: ProofVerifier) {
    this.#verifier = verifier;
  }

  /**
   * Takes a proof; `refuse` is called, now or later, if it is malformed or does not hold.
   *
   * @param poll - proofs of one poll have key and constants in common
   */
  async add(poll: number, job: Omit<ProofJob, 'items'>, claim: Claim): Promise<void> {
    const waiting = this.#waiting.get(poll) ?? { ...job, claims: [] };
    this.#waiting.set(poll, waiting);
    waiting.claims.push(claim);
    if (waiting.claims.length >= BATCH) await this.#start(poll);
  }

  /** Verifies all that was added. @throws what the verifier threw */
  async drain(): Promise<void> {
    for (const poll of [...this.#waiting.keys()]) await this.#start(poll);
    await Promise.all(this.#underWay);
    if (this.#failure !== undefined) throw this.#failure;
  }

  async #start(poll: number): Promise<void> {
    const waiting = this.#waiting.get(poll);
    this.#waiting.delete(poll);
    if (waiting === undefined) return;
    const { key, constants, claims } = waiting;
    const items = claims.map(({ signals, proof }) => ({ signals, proof }));
    const work: Promise<void> = this.#verifier({ key, constants, items })
      .then((failed) => {
        for (const index of failed) claims[index]?.refuse();
      })
      // Kept for whoever drains: a job that was not done must never look like one without faults.
      .catch((error: unknown) => void (this.#failure ??= error))
      .finally(() => this.#underWay.delete(work));
    this.#underWay.add(work);
    if (this.#underWay.size >= MAX_UNDER_WAY) await Promise.race(this.#underWay);
  }
}
