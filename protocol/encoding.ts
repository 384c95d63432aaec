import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { require } from './errors.ts';

/** Lower-case `0x` hex. */
export type Hex = `0x${string}`;

const WORD = 1n << 256n;

/** `0x` and two lower-case hex digits a byte. */
export function encodeHex(bytes: Uint8Array): Hex {
  return `0x${bytesToHex(bytes)}`;
}

/**
 * Strict inverse of {@link encodeHex}: lower case only, even length, `0x` in front.
 *
 * @param length - bytes expected, where it is fixed
 * @throws `encoding/hex`
 */
export function decodeHex(text: unknown, length?: number): Uint8Array {
  require(typeof text === 'string' && /^0x(?:[0-9a-f]{2})*$/.test(text), 'encoding/hex', 'expected lower-case 0x hex');
  const bytes = hexToBytes(text.slice(2));
  require(length === undefined ||
    bytes.length === length, 'encoding/hex', `expected ${length} bytes, got ${bytes.length}`);
  return bytes;
}

/** A 256-bit word, big-endian, 32 bytes (SPEC §1). @throws `encoding/word` outside [0, 2^256) */
export function encodeWord(value: bigint): Uint8Array {
  require(value >= 0n && value < WORD, 'encoding/word', 'value does not fit 256 bits');
  return hexToBytes(value.toString(16).padStart(64, '0'));
}

/** The big-endian number in `bytes`. */
export function decodeNumber(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(encodeHex(bytes));
}

/** The word of `0x` hex of exactly 32 bytes. @throws `encoding/hex` */
export function decodeWord(text: unknown): bigint {
  return decodeNumber(decodeHex(text, 32));
}

/** `0x` hex of a word: 32 bytes, big-endian. */
export function wordHex(value: bigint): Hex {
  return encodeHex(encodeWord(value));
}

/** UTF-8 bytes of `text`. */
export function encodeText(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** One array of all `parts`, in order. */
export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    out.set(part, offset);
    offset += part.length;
  }
  return out;
}

/** True if both hold the same bytes. Not constant-time: for public data only. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
