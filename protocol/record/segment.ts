import type { Hex } from '../encoding.ts';
import { concatBytes, encodeHex } from '../encoding.ts';
import { nextHash } from './chain-hash.ts';

/** Longest line accepted, in bytes without its line feed: a transaction carries at most 128 KB, twice that in hex, and its frame. */
export const MAX_LINE = 2 ** 20;
/** A segment ends with the entry that brings it to so many entries … */
export const FULL_ENTRIES = 1024;
/** … or to so many bytes, line feeds counted (SPEC §14.5). */
export const FULL_BYTES = 2 ** 22;
/** No segment has more bytes than this, uncompressed. */
export const MAX_SEGMENT = FULL_BYTES + MAX_LINE;

const LINE_FEED = Uint8Array.of(0x0a);

/** True if a segment of so many entries and bytes ends here (SPEC §14.5). */
export function isFull(entries: number, bytes: number): boolean {
  return entries >= FULL_ENTRIES || bytes >= FULL_BYTES;
}

/** A segment as the head of a record lists it: its entries, uncompressed bytes, and `h` after its last entry. */
export interface SegmentSummary {
  readonly entries: number;
  readonly bytes: number;
  readonly hash: Hex;
}

/** A segment that is still being filled. `before` is `h` before its first entry; lines have no line feed. */
export interface OpenSegment {
  readonly before: Uint8Array;
  readonly lines: readonly Uint8Array[];
  readonly bytes: number;
}

/** Its bytes as they are compressed: every line with its line feed. */
export function segmentContent({ lines }: OpenSegment): Uint8Array {
  return concatBytes(...lines.flatMap((line) => [line, LINE_FEED]));
}

/** `h` after its last line (SPEC §14.4). */
export function hashAfter({ before, lines }: Pick<OpenSegment, 'before' | 'lines'>): Uint8Array {
  return lines.reduce(nextHash, before);
}

/** What the head of a record says of it. */
export function summaryOf(segment: OpenSegment): SegmentSummary {
  return { entries: segment.lines.length, bytes: segment.bytes, hash: encodeHex(hashAfter(segment)) };
}
