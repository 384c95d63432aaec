import { require } from '../errors.ts';

/** Characters that a passphrase has at least. */
export const MIN_PASSPHRASE = 12;

/** Refuses a passphrase that is too short to stand before an identity. @throws `secret/passphrase` */
export function requirePassphrase(passphrase: string): void {
  const short = `a passphrase needs at least ${MIN_PASSPHRASE} characters; four random words are a good one`;
  require([...passphrase].length >= MIN_PASSPHRASE, 'secret/passphrase', short);
}
