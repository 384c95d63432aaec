import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { Hex } from '../../../protocol/encoding.ts';
import { decodeHex, encodeText } from '../../../protocol/encoding.ts';
import { at, require } from '../../../protocol/errors.ts';
import { writeFile } from '../../../protocol/node/files.ts';
import { compress, decompress } from '../../../protocol/node/gzip.ts';
import { startHash } from '../../../protocol/record/chain-hash.ts';
import { segmentName } from '../../../protocol/record/head.ts';
import type { SegmentSummary } from '../../../protocol/record/segment.ts';
import { MAX_SEGMENT, isFull, segmentContent, summaryOf } from '../../../protocol/record/segment.ts';

/** Closed segments, which are files and never change, and the lines after them (SPEC §14.5). A value: each step makes a new one. */
export interface Segments {
  readonly closed: readonly SegmentSummary[];
  /** Lines of the segment that is being filled, without line feeds. */
  readonly open: readonly string[];
}

/** What a step adds: segments that it closed, and the lines that are open now. */
export interface Growth {
  readonly segments: Segments;
  readonly newlyClosed: readonly SegmentSummary[];
}

/** `h` before the open segment's first entry. */
export function hashBefore({ closed }: Segments, definitionHash: Hex): Uint8Array {
  const last = closed.at(-1);
  return last === undefined ? startHash(definitionHash) : decodeHex(last.hash, 32);
}

/** Summary of the first `entries` of the open segment. */
export function openSummary(segments: Segments, definitionHash: Hex, entries: number): SegmentSummary {
  const lines = segments.open.slice(0, entries).map(encodeText);
  const bytes = lines.reduce((sum, line) => sum + line.length + 1, 0);
  return summaryOf({ before: hashBefore(segments, definitionHash), lines, bytes });
}

/** Appends lines. A segment that becomes full is on disk before this returns: whoever stores the result can rely on its file. */
export async function grow(
  folder: string,
  definitionHash: Hex,
  from: Segments,
  lines: readonly string[],
): Promise<Growth> {
  const newlyClosed: SegmentSummary[] = [];
  let { closed } = from;
  let open = [...from.open];
  let bytes = open.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0);
  for (const line of lines) {
    open.push(line);
    bytes += Buffer.byteLength(line) + 1;
    if (!isFull(open.length, bytes)) continue;
    const full = { before: hashBefore({ closed, open }, definitionHash), lines: open.map(encodeText), bytes };
    const summary = summaryOf(full);
    await writeFile(join(folder, segmentName(closed.length)), compress(segmentContent(full)), { replace: true });
    newlyClosed.push(summary);
    [closed, open, bytes] = [[...closed, summary], [], 0];
  }
  return { segments: { closed, open }, newlyClosed };
}

/** The whole closed segment, compressed. */
export function streamClosed(folder: string, index: number): Readable {
  return createReadStream(join(folder, segmentName(index)));
}

/** The first `entries` lines of a closed segment, for a reader whose head is older. @throws `not-found/segment`, `record/gzip` */
export async function closedLines(
  folder: string,
  segments: Segments,
  index: number,
  entries: number,
): Promise<string[]> {
  const { bytes } = at(segments.closed, index);
  const content = decompress(await readFile(join(folder, segmentName(index))), Math.min(bytes, MAX_SEGMENT));
  require(typeof content !== 'string', 'record/gzip', 'a segment on disk is damaged');
  return Buffer.from(content).toString('utf8').split('\n').slice(0, entries);
}

/** One gzip member of lines, each with its line feed. */
export function compressLines(lines: readonly string[]): Uint8Array {
  return compress(encodeText(lines.map((line) => `${line}\n`).join('')));
}
