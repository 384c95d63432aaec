import type { Hex } from '../encoding.ts';
import { concatBytes, decodeHex, encodeText } from '../encoding.ts';
import { sha256 } from '../hash.ts';

const START = encodeText('urna/v1/record');
const ENTRY = encodeText('urna/v1/record-entry');

/** `h_0`: hash of the record without entries of an election with this definition hash (SPEC §14.4). @throws `encoding/hex` */
export function startHash(definitionHash: Hex): Uint8Array {
  return sha256(concatBytes(START, decodeHex(definitionHash, 32)));
}

/** SHA-256 of an entry's line, without its line feed. */
export function lineDigest(line: Uint8Array): Uint8Array {
  return sha256(line);
}

/** `h_{k+1}` from `h_k` and the digest of entry `k`'s line (SPEC §14.4). */
export function chainDigest(hash: Uint8Array, digest: Uint8Array): Uint8Array {
  return sha256(concatBytes(ENTRY, hash, digest));
}

/** `h_{k+1}` from `h_k` and the line of entry `k` without its line feed (SPEC §14.4). */
export function nextHash(hash: Uint8Array, line: Uint8Array): Uint8Array {
  return chainDigest(hash, lineDigest(line));
}
