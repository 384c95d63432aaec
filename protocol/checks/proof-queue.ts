import type { PreparedKey } from '../math/pairing/equation.ts';
import { prepareKey, verifyBatch } from '../math/groth16-batch.ts';
import type { VerifyingKey } from '../math/groth16-key.ts';

interface Claim {
  readonly signals: readonly bigint[];
  readonly proof: readonly bigint[];
  readonly refuse: () => void;
}

/** Proofs held before they are verified together: many cost little more than a few, and memory stays bounded. */
const BATCH = 1024;

/** Proofs of one poll on their way to a batched verification. */
export class ProofBatch {
  readonly #prepared: PreparedKey;
  #claims: Claim[] = [];

  private constructor(prepared: PreparedKey) {
    this.#prepared = prepared;
  }

  /** @param constants - the poll's public signals @throws `proof/signals` */
  static async start(key: VerifyingKey, constants: readonly bigint[]): Promise<ProofBatch> {
    return new ProofBatch(await prepareKey(key, constants));
  }

  /**
   * Takes a proof of `signals`, those of its update; `refuse` is called, now or later, if it is malformed or does not hold.
   *
   * @throws `proof/signals` for a wrong number of signals
   */
  add(signals: readonly bigint[], proof: readonly bigint[], refuse: () => void): void {
    this.#claims.push({ signals, proof, refuse });
    if (this.#claims.length >= BATCH) this.verify();
  }

  /** Verifies what is left. */
  verify(): void {
    const claims = this.#claims;
    this.#claims = [];
    for (const index of verifyBatch(this.#prepared, claims)) claims[index]?.refuse();
  }
}
