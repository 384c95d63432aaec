import { Worker } from 'node:worker_threads';
import { UrnaError } from '../errors.ts';

/** snarkjs's `web-worker` takes every thread for one of its own and runs the script that its data name: an empty one. */
const NOTHING_TO_RUN = { mod: 'data:text/javascript,', name: 'urna', type: 'classic' } as const;

/** What a thread answers: its result, or an `UrnaError`, whose class is lost between threads. */
export type Answer<T> = { readonly result: T } | { readonly code: string; readonly message: string };

interface Waiting<Job, T> {
  readonly job: Job;
  readonly done: (answer: Answer<T>) => void;
  readonly broken: (error: unknown) => void;
}

/** Threads of one script that take a job each and answer it. A resource: {@link WorkerPool.close} ends them. */
export class WorkerPool<Job, T> {
  readonly #script: URL;
  readonly #size: number;
  readonly #data: object;
  readonly #idle = new Set<Worker>();
  readonly #busy = new Map<Worker, Waiting<Job, T>>();
  readonly #queue: Waiting<Job, T>[] = [];

  /**
   * @param script - bundled: threads load no TypeScript
   * @param data - what every thread finds in its `workerData`
   */
  constructor(script: URL, size: number, data: object = {}) {
    this.#script = script;
    this.#size = size;
    this.#data = data;
  }

  /** Jobs that no thread has taken yet. */
  get waiting(): number {
    return this.#queue.length;
  }

  /** Has a job done by the next free thread. Rejects if the thread breaks: a job that was not done has no answer. */
  async run(job: Job): Promise<T> {
    const answer = await new Promise<Answer<T>>((done, broken) => {
      this.#queue.push({ job, done, broken });
      this.#next();
    });
    if ('result' in answer) return answer.result;
    throw new UrnaError(answer.code, answer.message);
  }

  /**
   * Ends all threads; jobs that were not done have no answer. Each is asked to end, and does so when its WASM has come back: to stop a thread in the middle of
   * it can bring down the process.
   */
  async close(): Promise<void> {
    const ended = new UrnaError('internal/worker', 'the threads of this pool were ended');
    for (const { broken } of [...this.#queue.splice(0), ...this.#busy.values()]) broken(ended);
    const workers = [...this.#idle, ...this.#busy.keys()];
    this.#idle.clear();
    this.#busy.clear();
    await Promise.all(workers.map(end));
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
    const worker = new Worker(this.#script, { workerData: { ...NOTHING_TO_RUN, ...this.#data } });
    worker.on('message', (answer: Answer<T>) => {
      const waiting = this.#busy.get(worker);
      // An answer that came after the pool was closed.
      if (waiting === undefined) return;
      this.#busy.delete(worker);
      this.#idle.add(worker);
      waiting.done(answer);
      this.#next();
    });
    worker.on('error', (error) => this.#lose(worker, error));
    worker.on('exit', () => this.#lose(worker, new UrnaError('internal/worker', 'a thread of this pool ended')));
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

/** Asks a thread to end, and waits until it has. */
function end(worker: Worker): Promise<void> {
  return new Promise((resolve) => {
    worker.once('exit', () => resolve());
    // In the place of a job: there will be none any more.
    worker.postMessage(null);
  });
}
