import { UrnaError } from '../../../protocol/errors.ts';
import { startWorker } from '../worker/start-worker.ts';
import type { SecretAnswer, SecretMessage, SecretTask, SecretTasks } from './secret-tasks.ts';

/** Does a task in a worker of its own, which is ended after it. @throws the task's codes, `internal/worker` where no worker runs */
export function inWorker<N extends SecretTask>(
  name: N,
  input: SecretTasks[N]['input'],
  progress: (done: number) => void = () => undefined,
): Promise<SecretTasks[N]['output']> {
  const worker = startWorker();
  return new Promise<SecretTasks[N]['output']>((resolve, reject) => {
    worker.onerror = () => reject(new UrnaError('internal/worker', 'the worker ended without an answer'));
    worker.onmessage = ({ data }: MessageEvent<SecretAnswer>) => {
      if (data.kind === 'progress') progress(data.done);
      else if (data.kind === 'output') resolve(data.output as SecretTasks[N]['output']);
      else reject(new UrnaError(data.code, data.message));
    };
    worker.postMessage({ role: 'secret', name, input } satisfies SecretMessage);
  }).finally(() => worker.terminate());
}
