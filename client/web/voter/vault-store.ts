import { del, get, update } from 'idb-keyval';
import type { Hex } from '../../../protocol/encoding.ts';
import { UrnaError } from '../../../protocol/errors.ts';
import type { PasskeyLock } from './passkey.ts';
import type { SealedVault } from './secret-tasks.ts';

/** A sealed vault and how often it was written: two pages must not overwrite each other's. */
export interface KeptVault extends SealedVault {
  readonly revision: number;
  /** A second lock of the body's key, for those who have set one up. */
  readonly passkey?: PasskeyLock;
}

const keyOf = (definitionHash: Hex): string => `urna-voter-${definitionHash}`;

/** The vault of an election on this device, if there is one. @throws `vault/storage` where the browser stores nothing */
export function readVault(definitionHash: Hex): Promise<KeptVault | undefined> {
  return stored(() => get<KeptVault>(keyOf(definitionHash)));
}

/** Whether a passkey opens the vault of an election on this device. @throws `vault/storage` */
export async function hasPasskey(definitionHash: Hex): Promise<boolean> {
  return (await readVault(definitionHash))?.passkey !== undefined;
}

/**
 * Writes a vault in the place of the one with the revision before it, in one transaction.
 *
 * @throws `vault/elsewhere` if another page has written meanwhile, `vault/storage`
 */
export function writeVault(definitionHash: Hex, vault: KeptVault): Promise<void> {
  const next = (old: KeptVault | undefined): KeptVault => {
    if ((old?.revision ?? 0) === vault.revision - 1) return vault;
    throw new UrnaError('vault/elsewhere', 'another page of this browser has changed the voter’s file');
  };
  return stored(() => update<KeptVault>(keyOf(definitionHash), next));
}

/** Forgets the vault of an election on this device. @throws `vault/storage` */
export function forgetVault(definitionHash: Hex): Promise<void> {
  return stored(() => del(keyOf(definitionHash)));
}

/** A browser that stores nothing says so at once or later. */
async function stored<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UrnaError) throw error;
    throw new UrnaError(
      'vault/storage',
      'this browser stores nothing for this page: a private window, or no room left',
    );
  }
}
