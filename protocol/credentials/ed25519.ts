import { ed25519 } from '@noble/curves/ed25519.js';
import { concatBytes, decodeNumber, equalBytes } from '../encoding.ts';
import { require } from '../errors.ts';
import { sha512 } from '../hash.ts';

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
 * Whether the key decodes and the encoding of `S·B − h·A` is R's 32 bytes: verification without cofactor, `h` in [0, L). Asked only what
 * {@link verifySignature} has not refused already; on that, OpenSSL, Go's crypto/ed25519 and WebCrypto answer the same.
 */
export type EquationVerifier = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean;

const p = 2n ** 255n - 19n;
const L = ed25519.Point.Fn.ORDER;
const Y8 = 0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n;
/** y of the eight points of order 1, 2, 4 and 8. */
const SMALL_ORDER_Y: ReadonlySet<bigint> = new Set([1n, p - 1n, 0n, Y8, p - Y8]);

/**
 * The rule of SPEC §5.4: key and R canonical and not of small order (such a key would "sign" any message), S < L, and the equation without
 * cofactor. A key with a component of small order is judged as OpenSSL and Go judge it: h as a number, not modulo 8L. Never throws.
 *
 * @param holds - a faster verifier of the equation, e.g. `node/ed25519.ts`; the answer is the same with any right one
 */
export function verifySignature(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
  holds: EquationVerifier = equationHolds,
): boolean {
  if (publicKey.length !== 32 || signature.length !== 64) return false;
  if (!mayBePoint(publicKey) || !mayBePoint(signature.subarray(0, 32))) return false;
  return littleEndian(signature.subarray(32)) < L && holds(publicKey, message, signature);
}

/** Canonical, as far as y tells, and of no point of small order. (x = 0, whose sign must be 0, is in these.) */
function mayBePoint(encoded: Uint8Array): boolean {
  const y = littleEndian(encoded) & (2n ** 255n - 1n);
  return y < p && !SMALL_ORDER_Y.has(y);
}

/** {@link EquationVerifier} by noble, whose own verification has the cofactor in it. */
function equationHolds(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const key = decodePoint(publicKey);
  if (key === undefined) return false;
  const r = signature.subarray(0, 32);
  const h = littleEndian(sha512(concatBytes(r, publicKey, message))) % L;
  const sB = ed25519.Point.BASE.multiplyUnsafe(littleEndian(signature.subarray(32)));
  return equalBytes(sB.subtract(key.multiplyUnsafe(h)).toBytes(), r);
}

function decodePoint(encoded: Uint8Array): typeof ed25519.Point.BASE | undefined {
  try {
    return ed25519.Point.fromBytes(encoded, false);
  } catch {
    return undefined; // no point has this y
  }
}

function littleEndian(bytes: Uint8Array): bigint {
  return decodeNumber(Uint8Array.from(bytes).reverse());
}
