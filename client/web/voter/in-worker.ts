import { UrnaError } from '../../../protocol/errors.ts';
import type { SecretAnswer, SecretTask, SecretTasks } from './secret-tasks.ts';

/** Does a task in a worker of its own, which is ended after it. @throws the task's codes, `internal/worker` where no worker runs */
export function inWorker<N extends SecretTask>(
  name: N,
  input: SecretTasks[N]['input'],
  progress: (done: number) => void = () => undefined,
): Promise<SecretTasks[N]['output']> {
  const worker = new Worker(new URL('./secret-worker.ts', import.meta.url), { type: 'module' });
  return new Promise<SecretTasks[N]['output']>((resolve, reject) => {
    worker.onerror = () => reject(new UrnaError('internal/worker', 'the worker ended without an answer'));
    worker.onmessage = ({ data }: MessageEvent<SecretAnswer>) => {
      if (data.kind === 'progress') progress(data.done);
      else if (data.kind === 'output') resolve(data.output as SecretTasks[N]['output']);
      else reject(new UrnaError(data.code, data.message));
    };
    worker.postMessage({ name, input });
  }).finally(() => worker.terminate());
}
