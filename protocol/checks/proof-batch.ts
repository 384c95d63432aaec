import { verifyOne } from '../math/groth16.ts';
import type { VerifyingKey } from '../math/groth16-key.ts';
import type { Proof } from '../math/groth16-proof.ts';

interface Claim {
  readonly signals: readonly bigint[];
  readonly proof: Proof;
  readonly refuse: () => void;
}

/** Proofs verified together: many of one circuit cost little more than a few. */
const BATCH = 512;

/** Proofs of one circuit on their way to a batched verification; holds at most {@link BATCH} of them. */
export class ProofBatch {
  readonly #key: VerifyingKey;
  #claims: Claim[] = [];

  constructor(key: VerifyingKey) {
    this.#key = key;
  }

  /** Takes a proof; `refuse` is called, now or later, if it does not hold. @throws `proof/signals` */
  async add(signals: readonly bigint[], proof: Proof, refuse: () => void): Promise<void> {
    this.#claims.push({ signals, proof, refuse });
    if (this.#claims.length >= BATCH) await this.verify();
  }

  /** Verifies what is left. */
  async verify(): Promise<void> {
    const claims = this.#claims;
    this.#claims = [];
    for (const { signals, proof, refuse } of claims) {
      if (!(await verifyOne(this.#key, signals, proof))) refuse();
    }
  }
}
