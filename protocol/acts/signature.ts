import { secp256k1 } from '@noble/curves/secp256k1.js';
import type { Hex } from '../encoding.ts';
import { concatBytes, decodeHex, decodeNumber, encodeHex, encodeWord } from '../encoding.ts';
import { UrnaError, at, require } from '../errors.ts';
import { keccak256 } from '../hash.ts';

// Ethereum's ECDSA over secp256k1, as `ecrecover` sees it; the one importer of noble's secp256k1.
const HALF_ORDER = secp256k1.Point.Fn.ORDER >> 1n;

/** Bytes of a signature: `r ‖ s ‖ v` (SPEC §12.1). */
export const SIGNATURE_BYTES = 65;

/**
 * The address of an uncompressed public key: the last 20 bytes of the hash of x ‖ y.
 *
 * @param publicKey - 65 bytes, the first is 4 (SEC 1)
 */
function addressOfPublicKey(publicKey: Uint8Array): Hex {
  return encodeHex(keccak256(publicKey.subarray(1)).subarray(12));
}

/** The address, lower-case hex, of a 32-byte private key. @throws `signature/key` */
export function addressOfKey(privateKey: Uint8Array): Hex {
  require(secp256k1.utils.isValidSecretKey(privateKey), 'signature/key', 'not a secp256k1 private key');
  return addressOfPublicKey(secp256k1.getPublicKey(privateKey, false));
}

/**
 * Signs a 32-byte digest: RFC 6979 nonce, low s, v ∈ {27, 28}.
 *
 * @returns 65 bytes `r ‖ s ‖ v`
 * @throws `signature/key`, `signature/digest`
 */
export function signDigest(digest: Uint8Array, privateKey: Uint8Array): Uint8Array {
  require(digest.length === 32, 'signature/digest', 'a digest has 32 bytes');
  require(secp256k1.utils.isValidSecretKey(privateKey), 'signature/key', 'not a secp256k1 private key');
  const signature = secp256k1.sign(digest, privateKey, { prehash: false, lowS: true, format: 'recovered' });
  // noble puts the recovery bit first, Ethereum last and plus 27.
  return concatBytes(signature.subarray(1), Uint8Array.of(at([...signature], 0) + 27));
}

/** Strict decoding of `0x` hex of 65 bytes. @throws `encoding/hex` */
export function decodeSignature(text: unknown): Uint8Array {
  return decodeHex(text, SIGNATURE_BYTES);
}

/**
 * The signer's address, as the contract recovers it.
 *
 * @throws `signature/invalid` for a wrong length, high s (malleable), v ∉ {27, 28}, r or s out of range, or no such key
 */
export function recoverSigner(digest: Uint8Array, signature: Uint8Array): Hex {
  require(digest.length === 32, 'signature/digest', 'a digest has 32 bytes');
  require(signature.length ===
    SIGNATURE_BYTES, 'signature/invalid', `a signature has ${SIGNATURE_BYTES} bytes, got ${signature.length}`);
  const v = at([...signature.subarray(64)], 0);
  require(v === 27 || v === 28, 'signature/invalid', 'the recovery byte is neither 27 nor 28');
  require(decodeNumber(signature.subarray(32, 64)) <=
    HALF_ORDER, 'signature/invalid', 'the signature is malleable: high s');
  return recoverAddress(digest, signature.subarray(0, 64), v - 27);
}

/**
 * The address whose key made `r ‖ s` over a digest, whichever of the two s it is: for signatures of which nothing hangs on there being only one.
 *
 * @param signature - 64 bytes
 * @param parity - that of R's y: 0 or 1
 * @throws `signature/invalid` for another parity, r or s out of range, or no such key
 */
export function recoverAddress(digest: Uint8Array, signature: Uint8Array, parity: number): Hex {
  require(parity === 0 || parity === 1, 'signature/invalid', 'the parity is neither 0 nor 1');
  try {
    const recoverable = concatBytes(Uint8Array.of(parity), signature);
    const compressed = secp256k1.recoverPublicKey(recoverable, digest, { prehash: false });
    return addressOfPublicKey(secp256k1.Point.fromBytes(compressed).toBytes(false));
  } catch {
    throw new UrnaError('signature/invalid', 'no key made this signature');
  }
}

/** An address as a word, for hashing. @throws `encoding/hex` unless `0x` and 40 lower-case digits */
export function addressWord(address: Hex): bigint {
  return decodeNumber(decodeHex(address, 20));
}

/** The address in the low 160 bits of a word. @throws `encoding/word` if higher bits are set */
export function wordAddress(word: bigint): Hex {
  require(word >> 160n === 0n, 'encoding/word', 'the word is not an address');
  return encodeHex(encodeWord(word).subarray(12));
}
