import { parentPort } from 'node:worker_threads';
import { UrnaError } from '../errors.ts';
import type { Answer } from './worker-pool.ts';

/** The thread's side of a `WorkerPool`: a job comes in, its answer goes out. Anything unexpected ends the thread, which the pool notices. */
export function answerJobs<Job, T>(work: (job: Job) => Promise<T>): void {
  parentPort?.on('message', (job: Job | null) => {
    // Ends this thread, not the process; here nothing else of it runs.
    if (job === null) process.exit();
    void answer(work, job).then((each) => parentPort?.postMessage(each));
  });
}

async function answer<Job, T>(work: (job: Job) => Promise<T>, job: Job): Promise<Answer<T>> {
  try {
    return { result: await work(job) };
  } catch (error) {
    if (error instanceof UrnaError) return { code: error.code, message: error.message };
    throw error;
  }
}
