/** A worker that verifies one record: a file of its own, beside the page. */
export function startWorker(): Worker {
  return new Worker(new URL('./verify-worker.ts', import.meta.url), { type: 'module' });
}
