import { decodeHex, encodeText } from '../../../protocol/encoding.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { UrnaError } from '../../../protocol/errors.ts';
import { randomBytes } from './random.ts';

/**
 * The vault's key, sealed with what a passkey's PRF (WebAuthn Level 3, extension `prf`) makes of `input`: only that authenticator makes the
 * same again, and only once its owner has shown a finger, a face or a PIN. Nothing here is secret.
 */
export interface PasskeyLock {
  /** Of the passkey, among all that a browser has. */
  readonly id: Uint8Array;
  readonly input: Uint8Array;
  /** AES-GCM: nonce, and the sealed key with its tag. */
  readonly nonce: Uint8Array;
  readonly sealed: Uint8Array;
}

const ALGORITHMS = [-8, -7, -257].map((alg) => ({ type: 'public-key' as const, alg }));
const INFO = encodeText('urna/v1/passkey');
/** Buffers of our own: never shared with another thread. */
const own = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => Uint8Array.from(bytes);

/**
 * Makes a passkey and locks `key` with it, for this election's vault and no other.
 *
 * @param name - under which the device lists it
 * @throws `passkey/unsupported` where browser or authenticator have no PRF, `passkey/refused` if the owner did not agree
 */
export async function lockWithPasskey(definitionHash: Hex, key: string, name: string): Promise<PasskeyLock> {
  const input = own(randomBytes(32));
  const made = await asked(() =>
    navigator.credentials.create({
      publicKey: {
        rp: { name: 'Urna' },
        user: { id: own(randomBytes(16)), name, displayName: name },
        pubKeyCredParams: ALGORITHMS,
        authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
        // Nobody attests anything: the secret is made by the device, not shown to us.
        challenge: own(randomBytes(32)),
        extensions: { prf: { eval: { first: input } } },
      },
    }),
  );
  const { prf } = made.getClientExtensionResults();
  if (prf?.enabled !== true) throw unsupported();
  const id = new Uint8Array(made.rawId);
  const secret = prf.results?.first ?? (await secretOf(id, input));
  const nonce = own(randomBytes(12));
  const aesKey = await aesKeyOf(secret);
  const sealing = { name: 'AES-GCM', iv: nonce, additionalData: own(decodeHex(definitionHash, 32)) };
  const sealed = new Uint8Array(await crypto.subtle.encrypt(sealing, aesKey, own(encodeText(key))));
  return { id, input, nonce, sealed };
}

/** Inverse of {@link lockWithPasskey}. @throws `passkey/unsupported`, `passkey/refused`, `passkey/other` if it does not open the vault */
export async function openWithPasskey(definitionHash: Hex, lock: PasskeyLock): Promise<string> {
  const aesKey = await aesKeyOf(await secretOf(lock.id, lock.input));
  const sealing = { name: 'AES-GCM', iv: own(lock.nonce), additionalData: own(decodeHex(definitionHash, 32)) };
  try {
    return new TextDecoder().decode(await crypto.subtle.decrypt(sealing, aesKey, own(lock.sealed)));
  } catch {
    throw new UrnaError('passkey/other', 'this passkey does not open the vault');
  }
}

async function secretOf(id: Uint8Array, input: Uint8Array): Promise<BufferSource> {
  const shown = await asked(() =>
    navigator.credentials.get({
      publicKey: {
        challenge: own(randomBytes(32)),
        allowCredentials: [{ type: 'public-key', id: own(id) }],
        userVerification: 'required',
        extensions: { prf: { eval: { first: own(input) } } },
      },
    }),
  );
  const secret = shown.getClientExtensionResults().prf?.results?.first;
  if (secret === undefined) throw unsupported();
  return secret;
}

async function aesKeyOf(secret: BufferSource): Promise<CryptoKey> {
  const source = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey']);
  const hkdf = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: own(INFO) };
  return crypto.subtle.deriveKey(hkdf, source, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}

async function asked(ask: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  if (!('PublicKeyCredential' in globalThis)) throw unsupported();
  try {
    return (await ask()) as PublicKeyCredential;
  } catch (error) {
    const isRefused = error instanceof DOMException && error.name === 'NotAllowedError';
    if (isRefused) throw new UrnaError('passkey/refused', 'no passkey was made or shown');
    throw unsupported();
  }
}

function unsupported(): UrnaError {
  return new UrnaError('passkey/unsupported', 'this browser or device makes no passkeys that can lock a vault (PRF)');
}
