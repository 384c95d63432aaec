import { availableParallelism } from 'node:os';
import type { ProofJob, ProofVerifier } from '../checks/proof-queue.ts';
import { WorkerPool } from './worker-pool.ts';

/** The bundled worker: threads load no TypeScript. */
const WORKER = new URL('../../dist/proof-worker.mjs', import.meta.url);

/** Threads that verify proofs, one a core. A resource: {@link ProofPool.close} ends them. */
export class ProofPool {
  readonly #pool: WorkerPool<ProofJob, readonly number[]>;

  constructor(size = availableParallelism()) {
    this.#pool = new WorkerPool(WORKER, size);
  }

  /** Verifies a job in the next free thread. Rejects if the thread breaks: a job that was not done has no answer. */
  readonly verify: ProofVerifier = (job) => this.#pool.run(job);

  /** Ends all threads; jobs that were not done have no answer. */
  close(): Promise<void> {
    return this.#pool.close();
  }
}
