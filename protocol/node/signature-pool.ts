import { availableParallelism } from 'node:os';
import type { SignatureVerifier, SignedMessage } from '../credentials/signature-batch.ts';
import { WorkerPool } from './worker-pool.ts';

/** The bundled worker: threads load no TypeScript. */
const WORKER = new URL('../../dist/signature-worker.mjs', import.meta.url);

/** Threads that verify Ed25519 signatures, one a core. A resource: {@link SignaturePool.close} ends them. */
export class SignaturePool {
  readonly #pool: WorkerPool<readonly SignedMessage[], readonly number[]>;

  constructor(size = availableParallelism()) {
    this.#pool = new WorkerPool(WORKER, size);
  }

  /** Verifies a batch in the next free thread. Rejects if the thread breaks: a batch that was not done has no answer. */
  readonly verify: SignatureVerifier = (batch) => this.#pool.run(batch);

  /** Ends all threads; batches that were not done have no answer. */
  close(): Promise<void> {
    return this.#pool.close();
  }
}
