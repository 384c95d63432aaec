import InlineWorker from './inline-worker.ts?worker&inline';

/** A worker out of the page itself: in the observer that is one file, in the place of `start-worker.ts`. */
export function startWorker(): Worker {
  return new InlineWorker();
}
