import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { UrnaError } from '../errors.ts';
import { requirePassphrase } from '../identity/passphrase.ts';
import { passphraseIdentity, passphraseRecipient } from './age-scrypt.ts';

/**
 * An age file (age-encryption.org/v1, `age.ts` and `age-scrypt.ts` import `age-encryption`) that `passphrase` opens; scrypt with N = 2^18.
 *
 * @throws `secret/passphrase` if it is shorter than 12 characters
 */
export async function sealWithPassphrase(plain: Uint8Array, passphrase: string): Promise<Uint8Array> {
  requirePassphrase(passphrase);
  const encrypter = new Encrypter();
  encrypter.addRecipient(passphraseRecipient(passphrase));
  return encrypter.encrypt(plain);
}

/** Inverse of {@link sealWithPassphrase}. @throws `secret/age` for a wrong passphrase or a damaged file */
export function openWithPassphrase(file: Uint8Array, passphrase: string): Promise<Uint8Array> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(passphraseIdentity(passphrase));
  return open(decrypter, file);
}

/** A new age key pair: `secret` opens what is sealed for `recipient`. */
export async function createAgeKey(): Promise<{ readonly secret: string; readonly recipient: string }> {
  const secret = await generateX25519Identity();
  return { secret, recipient: await identityToRecipient(secret) };
}

/** An age file for an age key's owner. */
export async function sealForKey(plain: Uint8Array, secret: string): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(await identityToRecipient(secret));
  return encrypter.encrypt(plain);
}

/** Inverse of {@link sealForKey}. @throws `secret/age` */
export function openWithKey(file: Uint8Array, secret: string): Promise<Uint8Array> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(secret);
  return open(decrypter, file);
}

async function open(decrypter: Decrypter, file: Uint8Array): Promise<Uint8Array> {
  try {
    return await decrypter.decrypt(file);
  } catch {
    throw new UrnaError('secret/age', 'the file does not open: another passphrase or key, or the file is damaged');
  }
}
