import { UrnaError } from '../../../protocol/errors.ts';
import type { TaskAnswer } from './answer-once.ts';
import { startWorker } from './start-worker.ts';

/** Does a task in a worker of its own, which is ended after it. @throws the task's codes, `internal/worker` where no worker runs */
export function inWorker<Output>(message: object, progress: (done: number) => void = () => undefined): Promise<Output> {
  const worker = startWorker();
  return new Promise<Output>((resolve, reject) => {
    worker.onerror = () => reject(new UrnaError('internal/worker', 'the worker ended without an answer'));
    worker.onmessage = ({ data }: MessageEvent<TaskAnswer<Output>>) => {
      if (data.kind === 'progress') progress(data.done);
      else if (data.kind === 'output') resolve(data.output);
      else reject(new UrnaError(data.code, data.message));
    };
    worker.postMessage(message);
  }).finally(() => worker.terminate());
}
