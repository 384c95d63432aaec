import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { UrnaError } from '../errors.ts';
import type { ProofJob, ProofVerifier } from '../checks/proof-queue.ts';

/** The bundled worker: threads load no TypeScript. */
const WORKER = new URL('../../dist/proof-worker.mjs', import.meta.url);

/** snarkjs's `web-worker` takes every thread for one of its own and runs the script that its data name: an empty one. */
const NOTHING_TO_RUN = { mod: 'data:text/javascript,', name: 'proofs', type: 'classic' } as const;

/** What a thread answers: indices that are not proved, or an `UrnaError`, whose class is lost between threads. */
export type ProofAnswer = { readonly failed: readonly number[] } | { readonly code: string; readonly message: string };

interface Waiting {
  readonly job: ProofJob;
  readonly done: (answer: ProofAnswer) => void;
  readonly broken: (error: unknown) => void;
}

/** Threads that verify proofs, one a core. A resource: {@link ProofPool.close} ends them. */
export class ProofPool {
  readonly #size: number;
  readonly #idle = new Set<Worker>();
  readonly #busy = new Map<Worker, Waiting>();
  readonly #queue: Waiting[] = [];

  constructor(size = availableParallelism()) {
    this.#size = size;
  }

  /** Verifies a job in the next free thread. Rejects if the thread breaks: a job that was not done has no answer. */
  readonly verify: ProofVerifier = async (job) => {
    const answer = await new Promise<ProofAnswer>((done, broken) => {
      this.#queue.push({ job, done, broken });
      this.#next();
    });
    if ('failed' in answer) return answer.failed;
    throw new UrnaError(answer.code, answer.message);
  };

  /** Ends all threads; jobs that were not done have no answer. */
  async close(): Promise<void> {
    const ended = new UrnaError('internal/worker', 'the threads that verify proofs were ended');
    for (const { broken } of this.#queue.splice(0)) broken(ended);
    const workers = [...this.#idle, ...this.#busy.keys()];
    await Promise.all(workers.map((worker) => worker.terminate()));
  }

  #next(): void {
    const waiting = this.#queue[0];
    if (waiting === undefined) return;
    const [free] = this.#idle;
    if (free === undefined && this.#busy.size >= this.#size) return;
    const worker = free ?? this.#start();
    this.#queue.shift();
    this.#idle.delete(worker);
    this.#busy.set(worker, waiting);
    worker.postMessage(waiting.job);
  }

  #start(): Worker {
    const worker = new Worker(WORKER, { workerData: NOTHING_TO_RUN });
    worker.on('message', (answer: ProofAnswer) => {
      const waiting = this.#busy.get(worker);
      this.#busy.delete(worker);
      this.#idle.add(worker);
      waiting?.done(answer);
      this.#next();
    });
    worker.on('error', (error) => this.#lose(worker, error));
    worker.on('exit', () =>
      this.#lose(worker, new UrnaError('internal/worker', 'a thread that verifies proofs ended')),
    );
    return worker;
  }

  #lose(worker: Worker, error: unknown): void {
    const waiting = this.#busy.get(worker);
    this.#busy.delete(worker);
    this.#idle.delete(worker);
    waiting?.broken(error);
    this.#next();
  }
}
