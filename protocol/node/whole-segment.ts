import { encodeHex } from '../encoding.ts';
import type { SegmentSummary } from '../record/segment.ts';
import { hashAfter } from '../record/segment.ts';
import { decompress } from './gzip.ts';

const LINE_FEED = 0x0a;

/** Whether the lines of a compressed segment give the hash that the record's head says. @param before - `h` before its first entry */
export function isWholeSegment(
  compressed: Uint8Array,
  before: Uint8Array,
  { bytes, entries, hash }: SegmentSummary,
): boolean {
  const content = decompress(compressed, bytes);
  if (typeof content === 'string' || content.length !== bytes || content.at(-1) !== LINE_FEED) return false;
  const lines: Uint8Array[] = [];
  for (let start = 0; start < content.length;) {
    const end = content.indexOf(LINE_FEED, start);
    lines.push(content.subarray(start, end));
    start = end + 1;
  }
  return lines.length === entries && encodeHex(hashAfter({ before, lines })) === hash;
}
