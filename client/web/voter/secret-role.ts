import { decodeUtf8 } from '../../../protocol/canonical-json.ts';
import { deriveCredentialAsync } from '../../../protocol/credentials/credential.ts';
import { UrnaError } from '../../../protocol/errors.ts';
import { decodeIdentity, encodeIdentity } from '../../../protocol/identity/identity-file.ts';
import { createIdentity } from '../../../protocol/identity/semaphore.ts';
import { createKey, openWithKey, openWithPassphrase, sealForKey, sealWithPassphrase } from './age-files.ts';
import type { SecretAnswer, SecretMessage, SecretTask, SecretTasks } from './secret-tasks.ts';

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
  reseal: ({ key, file }) => sealForKey(file, key),
  backup: async ({ file, passphrase }) => decodeIdentity(await openWithPassphrase(file, passphrase)),
};

const answer = (each: SecretAnswer): void => postMessage(each);

/** Does one task; the page ends the worker after it, and with it everything secret that it held. */
export function handle({ name, input }: SecretMessage): void {
  void run(name, input as never);
}

async function run(name: SecretTask, input: never): Promise<void> {
  try {
    const output = await TASKS[name](input, (done) => answer({ kind: 'progress', done }));
    answer({ kind: 'output', output });
  } catch (error) {
    const known = error instanceof UrnaError;
    // What is not ours is not told: it might hold what it failed on.
    answer({ kind: 'error', code: known ? error.code : 'internal/unexpected', message: known ? error.message : '' });
  }
}
