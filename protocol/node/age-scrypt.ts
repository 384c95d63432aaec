import { createCipheriv, createDecipheriv, scryptSync } from 'node:crypto';
import { Buffer } from 'node:buffer';
import { Stanza } from 'age-encryption';
import type { Identity, Recipient } from 'age-encryption';
import { randomBytes } from './random.ts';

// age-encryption.org/v1, section "scrypt recipient stanza", with Node's scrypt: the package's own, in JavaScript, takes between twice
// and ten times as long on a busy machine. The files are the same; a test reads each with the other.
const LABEL = 'age-encryption.org/v1/scrypt';
const SALT_BYTES = 16;
const FILE_KEY_BYTES = 16;
const TAG_BYTES = 16;
/** log2 of scrypt's N for new files: a second or so, 256 MiB. */
const LOG_N = 18;
/** Largest work factor that is tried: a file must not be able to take all memory. */
const MAX_LOG_N = 20;
// The key is used once: a zero nonce is what the format says.
const NONCE = Buffer.alloc(12);

function keyOf(passphrase: string, salt: Uint8Array, logN: number): Buffer {
  const cost = { N: 2 ** logN, r: 8, p: 1, maxmem: 2 ** (logN + 11) };
  return scryptSync(passphrase, Buffer.concat([Buffer.from(LABEL), salt]), 32, cost);
}

/** Wraps file keys for who knows `passphrase`. */
export function passphraseRecipient(passphrase: string): Recipient {
  return {
    wrapFileKey(fileKey) {
      const salt = Buffer.from(randomBytes(SALT_BYTES));
      const cipher = createCipheriv('chacha20-poly1305', keyOf(passphrase, salt, LOG_N), NONCE, {
        authTagLength: TAG_BYTES,
      });
      const body = Buffer.concat([cipher.update(fileKey), cipher.final(), cipher.getAuthTag()]);
      return [new Stanza(['scrypt', unpadded(salt), String(LOG_N)], Uint8Array.from(body))];
    },
  };
}

/** Unwraps file keys with `passphrase`; null for a file that is not sealed with one, or with another. */
export function passphraseIdentity(passphrase: string): Identity {
  return {
    unwrapFileKey(stanzas) {
      const [stanza, second] = stanzas;
      const [type, salt = '', logN = '', more] = stanza?.args ?? [];
      if (stanza === undefined || second !== undefined || type !== 'scrypt' || more !== undefined) return null;
      const bytes = Buffer.from(salt, 'base64');
      const sound = bytes.length === SALT_BYTES && unpadded(bytes) === salt && /^[1-9][0-9]?$/u.test(logN);
      if (!sound || Number(logN) > MAX_LOG_N || stanza.body.length !== FILE_KEY_BYTES + TAG_BYTES) return null;
      return unwrap(keyOf(passphrase, bytes, Number(logN)), stanza.body);
    },
  };
}

function unwrap(key: Buffer, body: Uint8Array): Uint8Array | null {
  const decipher = createDecipheriv('chacha20-poly1305', key, NONCE, { authTagLength: TAG_BYTES });
  decipher.setAuthTag(body.subarray(FILE_KEY_BYTES));
  try {
    return Uint8Array.from(Buffer.concat([decipher.update(body.subarray(0, FILE_KEY_BYTES)), decipher.final()]));
  } catch {
    return null; // another passphrase
  }
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/u, '');
}
