import { UrnaError } from '../../../protocol/errors.ts';
import { unknownCode } from './unknown-code.ts';

/** What a worker answers to a task that it does once; `done` is a part, 0 to 1. */
export type TaskAnswer<Output> =
  | { readonly kind: 'progress'; readonly done: number }
  | { readonly kind: 'output'; readonly output: Output }
  | { readonly kind: 'error'; readonly code: string; readonly message: string };

/** In a worker: does the work and answers. What is not ours is not told: it might hold what it failed on. */
export async function answerOnce<Output>(work: () => Output | Promise<Output>): Promise<void> {
  const answer = (each: TaskAnswer<Output>): void => postMessage(each);
  try {
    answer({ kind: 'output', output: await work() });
  } catch (error) {
    const known = error instanceof UrnaError;
    answer({ kind: 'error', code: known ? error.code : unknownCode(error), message: known ? error.message : '' });
  }
}
