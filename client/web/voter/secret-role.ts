import { decodeUtf8 } from '../../../protocol/canonical-json.ts';
import { deriveCredentialAsync } from '../../../protocol/credentials/credential.ts';
import { decodeIdentity, encodeIdentity } from '../../../protocol/identity/identity-file.ts';
import { createIdentity } from '../../../protocol/identity/semaphore.ts';
import { createKey, openWithKey, openWithPassphrase, sealForKey, sealWithPassphrase } from './age-files.ts';
import type { TaskAnswer } from '../worker/answer-once.ts';
import { answerOnce } from '../worker/answer-once.ts';
import type { SecretMessage, SecretTask, SecretTasks } from './secret-tasks.ts';

type Run<N extends SecretTask> = (
  input: SecretTasks[N]['input'],
  progress: (done: number) => void,
) => SecretTasks[N]['output'] | Promise<SecretTasks[N]['output']>;

const TASKS: { readonly [N in SecretTask]: Run<N> } = {
  credential: ({ code, definitionHash }, progress) => deriveCredentialAsync(code, definitionHash, progress),
  identity: createIdentity,
  create: async ({ identity, file, passphrase }) => {
    const key = await createKey();
    const body = await sealForKey(file, key);
    const lock = await sealWithPassphrase(new TextEncoder().encode(key), passphrase);
    return { key, body, lock, backup: await sealWithPassphrase(encodeIdentity(identity), passphrase) };
  },
  open: async ({ lock, body, passphrase }) => {
    const key = decodeUtf8(await openWithPassphrase(lock, passphrase));
    return { key, file: await openWithKey(body, key) };
  },
  unseal: ({ key, body }) => openWithKey(body, key),
  reseal: ({ key, file }) => sealForKey(file, key),
  backup: async ({ file, passphrase }) => decodeIdentity(await openWithPassphrase(file, passphrase)),
};

/** Does one task; the page ends the worker after it, and with it everything secret that it held. */
export function handle({ name, input }: SecretMessage): void {
  const tell = (done: number): void => postMessage({ kind: 'progress', done } satisfies TaskAnswer<never>);
  void answerOnce(() => TASKS[name](input as never, tell) as Promise<unknown>);
}
