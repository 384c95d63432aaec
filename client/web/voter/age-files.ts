import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { UrnaError } from '../../../protocol/errors.ts';
import { requirePassphrase } from '../../../protocol/identity/passphrase.ts';

// The browser's side of protocol/node/age.ts: the same files, with the package's own scrypt (N = 2^18, 256 MiB; files up to 2^20 are tried).

/** An age file that `passphrase` opens. @throws `secret/passphrase` if it is too short */
export function sealWithPassphrase(plain: Uint8Array, passphrase: string): Promise<Uint8Array> {
  requirePassphrase(passphrase);
  const encrypter = new Encrypter();
  encrypter.setPassphrase(passphrase);
  return encrypter.encrypt(plain);
}

/** Inverse of {@link sealWithPassphrase}. @throws `secret/age` for a wrong passphrase or a damaged file */
export function openWithPassphrase(file: Uint8Array, passphrase: string): Promise<Uint8Array> {
  const decrypter = new Decrypter();
  decrypter.addPassphrase(passphrase);
  return open(decrypter, file, 'secret/age');
}

/** A new age secret key. */
export function createKey(): Promise<string> {
  return generateX25519Identity();
}

/** An age file for the owner of an age secret key. */
export async function sealForKey(plain: Uint8Array, key: string): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(await identityToRecipient(key));
  return encrypter.encrypt(plain);
}

/** Inverse of {@link sealForKey}. @throws `vault/damaged`: the passphrase was right, since the key is there */
export function openWithKey(file: Uint8Array, key: string): Promise<Uint8Array> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(key);
  return open(decrypter, file, 'vault/damaged');
}

async function open(decrypter: Decrypter, file: Uint8Array, code: string): Promise<Uint8Array> {
  try {
    return await decrypter.decrypt(file);
  } catch (error) {
    if (error instanceof RangeError)
      throw new UrnaError('vault/memory', 'this device has too little memory for the key');
    throw new UrnaError(code, 'the file does not open: another passphrase or key, or the file is damaged');
  }
}
