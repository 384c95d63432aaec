import { ed25519 } from '@noble/curves/ed25519.js';
import { require } from '../errors.ts';

/** An Ed25519 key pair (RFC 8032). `seed` is the secret. */
export interface SigningKey {
  readonly seed: Uint8Array;
  readonly publicKey: Uint8Array;
}

/** The key pair of a 32-byte seed (the one importer of noble's Ed25519). @throws `signature/seed` */
export function signingKey(seed: Uint8Array): SigningKey {
  require(seed.length === 32, 'signature/seed', 'an Ed25519 seed has exactly 32 bytes');
  return { seed, publicKey: ed25519.getPublicKey(seed) };
}

/** 64 bytes, deterministic (RFC 8032 §5.1.6). */
export function sign(key: SigningKey, message: Uint8Array): Uint8Array {
  return ed25519.sign(message, key.seed);
}

/**
 * True only for a signature that every reading of RFC 8032 §5.1.7 accepts: S < L, canonical encodings, key and R in the
 * prime subgroup. Verifiers with and without cofactor differ on anything looser, and a key of small order would "sign"
 * any message. Never throws.
 */
export function verifySignature(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== 32 || signature.length !== 64) return false;
  try {
    return (
      ed25519.verify(signature, message, publicKey, { zip215: false }) &&
      isPrimeOrder(publicKey) &&
      isPrimeOrder(signature.subarray(0, 32))
    );
  } catch {
    return false; // a point that does not decode
  }
}

function isPrimeOrder(encoded: Uint8Array): boolean {
  const point = ed25519.Point.fromBytes(encoded, false);
  return !point.is0() && point.isTorsionFree();
}
