import type { SigningKey } from '../../../protocol/credentials/ed25519.ts';
import type { Identity } from '../../../protocol/identity/semaphore.ts';

/** A voter's file as it lies in the browser's storage: nothing in it is readable without the passphrase. */
export interface SealedVault {
  /** age file, sealed with the passphrase: the key of `body`. */
  readonly lock: Uint8Array;
  /** age file, sealed for that key: the voter's file. Written again at each change, without the passphrase. */
  readonly body: Uint8Array;
  /** age file, sealed with the passphrase: the identity alone, as `urna voter` reads and writes it. */
  readonly backup: Uint8Array;
}

/** What is done in a worker, since it takes long or much memory, or since the page is not to hold it: inputs and outputs by name. */
export interface SecretTasks {
  readonly credential: {
    readonly input: { readonly code: string; readonly definitionHash: Uint8Array };
    readonly output: SigningKey;
  };
  readonly identity: { readonly input: Uint8Array; readonly output: Identity };
  readonly create: {
    readonly input: { readonly identity: Identity; readonly file: Uint8Array; readonly passphrase: string };
    readonly output: SealedVault & { readonly key: string };
  };
  readonly open: {
    readonly input: Pick<SealedVault, 'lock' | 'body'> & { readonly passphrase: string };
    readonly output: { readonly key: string; readonly file: Uint8Array };
  };
  readonly unseal: { readonly input: { readonly key: string; readonly body: Uint8Array }; readonly output: Uint8Array };
  readonly reseal: { readonly input: { readonly key: string; readonly file: Uint8Array }; readonly output: Uint8Array };
  readonly backup: {
    readonly input: { readonly file: Uint8Array; readonly passphrase: string };
    readonly output: Identity;
  };
}
export type SecretTask = keyof SecretTasks;

/** A task for the worker. */
export interface SecretMessage {
  readonly role: 'secret';
  readonly name: SecretTask;
  readonly input: SecretTasks[SecretTask]['input'];
}
