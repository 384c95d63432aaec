import { parentPort } from 'node:worker_threads';
import { UrnaError } from '../errors.ts';
import { verifyHere } from '../checks/proof-queue.ts';
import type { ProofJob } from '../checks/proof-queue.ts';
import type { ProofAnswer } from './proof-pool.ts';

/** A thread of `proof-pool.ts`: a job comes in, its answer goes out. Anything unexpected ends the thread, which the pool notices. */
parentPort?.on('message', (job: ProofJob) => {
  void answer(job).then((each) => parentPort?.postMessage(each));
});

async function answer(job: ProofJob): Promise<ProofAnswer> {
  try {
    return { failed: await verifyHere(job) };
  } catch (error) {
    if (error instanceof UrnaError) return { code: error.code, message: error.message };
    throw error;
  }
}
