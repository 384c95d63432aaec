import { sha256 as nobleSha256, sha512 as nobleSha512 } from '@noble/hashes/sha2.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { concatBytes, decodeNumber, encodeText, encodeWord } from './encoding.ts';

/** keccak256 as in Ethereum (not NIST SHA-3), 32 bytes. */
export function keccak256(bytes: Uint8Array): Uint8Array {
  return keccak_256(bytes);
}

/** SHA-256 (FIPS 180-4), 32 bytes: artifact and file hashes. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return nobleSha256(bytes);
}

/** SHA-256 of what comes in pieces. */
export function sha256Stream(): { update(bytes: Uint8Array): unknown; digest(): Uint8Array } {
  return nobleSha256.create();
}

/** SHA-512 (FIPS 180-4), 64 bytes: in Ed25519. */
export function sha512(bytes: Uint8Array): Uint8Array {
  return nobleSha512(bytes);
}

/** The domain tag of a purpose: `keccak256("urna/v1/<purpose>")` (SPEC §1.3). */
export function domainTag(purpose: string): Uint8Array {
  return keccak256(encodeText(`urna/v1/${purpose}`));
}

/**
 * `H(purpose, words…)` of SPEC §1.3: keccak256 of the domain tag and the 32-byte words, in order.
 * Equals Solidity's `keccak256(abi.encode(TAG, …))` for static types.
 */
export function hashWords(purpose: string, words: readonly bigint[]): bigint {
  let tag = tags.get(purpose);
  if (tag === undefined) tags.set(purpose, (tag = domainTag(purpose)));
  return decodeNumber(keccak256(concatBytes(tag, ...words.map(encodeWord))));
}

/** Tags by purpose, as far as they were asked for: they are half of the work where a city's leaves are hashed. */
const tags = new Map<string, Uint8Array>();
