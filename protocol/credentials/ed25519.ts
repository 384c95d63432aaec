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
 * Whether `S < L` and the 32 bytes of `S·B − h·A` are those of R: verification without cofactor, as OpenSSL and Go's crypto/ed25519 do
 * it. Called with keys of prime order only.
 */
export type EquationVerifier = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean;

/** The encoding of the neutral element, (0, 1). */
const NEUTRAL = Uint8Array.of(1, ...new Uint8Array(31));

/**
 * True only for a signature that every reading of RFC 8032 §5.1.7 accepts (SPEC §5.4): S < L, canonical encodings, key and R in the
 * prime subgroup and not neutral. Verifiers with and without cofactor differ on anything looser, and a key of small order would "sign"
 * any message. Never throws.
 *
 * @param holds - a faster verifier of the equation alone, e.g. the platform's; the answer is the same with any right one
 */
export function verifySignature(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
  holds: EquationVerifier = equationHolds,
): boolean {
  if (publicKey.length !== 32 || signature.length !== 64) return false;
  if (NEUTRAL.every((byte, i) => byte === signature[i])) return false;
  try {
    // With A of prime order, S·B − h·A is as well, so that comparing bytes refuses every other R, and every R not canonical.
    return isPrimeOrder(publicKey) && holds(publicKey, message, signature);
  } catch {
    return false; // a point that does not decode
  }
}

/** By noble, whose equation has the cofactor in it: equal for R of prime order. */
function equationHolds(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  return ed25519.verify(signature, message, publicKey, { zip215: false }) && isPrimeOrder(signature.subarray(0, 32));
}

function isPrimeOrder(encoded: Uint8Array): boolean {
  const point = ed25519.Point.fromBytes(encoded, false);
  return !point.is0() && point.isTorsionFree();
}
