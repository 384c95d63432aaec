import { inWorker } from '../worker/in-worker.ts';
import type { SecretMessage, SecretTask, SecretTasks } from './secret-tasks.ts';

/** Does a task with secrets in a worker of its own, which is ended after it. @throws the task's codes, `internal/worker` where no worker runs */
export function withSecrets<N extends SecretTask>(
  name: N,
  input: SecretTasks[N]['input'],
  progress?: (done: number) => void,
): Promise<SecretTasks[N]['output']> {
  return inWorker({ role: 'secret', name, input } satisfies SecretMessage, progress);
}
