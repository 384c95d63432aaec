import VerifyWorker from './verify-worker.ts?worker&inline';

/** A worker that verifies one record, out of the page itself: in the observer that is one file, in the place of `start-worker.ts`. */
export function startWorker(): Worker {
  return new VerifyWorker();
}
