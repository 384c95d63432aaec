import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { canonicalBytes } from '../../protocol/canonical-json.ts';
import { encodeHex, encodeText } from '../../protocol/encoding.ts';
import type { RecordHead } from '../../protocol/record/head.ts';
import { hashAfter } from '../../protocol/record/segment.ts';
import { startHash } from '../../protocol/record/chain-hash.ts';

/** A head that may be changed. */
export type Head = { -readonly [K in keyof RecordHead]: RecordHead[K] };
export type Loose = Record<string, unknown>;

export const HEAD = 'record.json';
export const second = 'segments/000001.jsonl.gz';
export const last = 'segments/000002.jsonl.gz';

export const readHead = (folder: string): Head => JSON.parse(readFileSync(join(folder, HEAD), 'utf8')) as Head;

export function withHead(folder: string, change: (head: Head) => unknown): void {
  const head = readHead(folder);
  change(head);
  writeFileSync(join(folder, HEAD), canonicalBytes(head));
}

export function linesIn(folder: string, name: string): string[] {
  return gunzipSync(readFileSync(join(folder, name)))
    .toString('utf8')
    .split('\n')
    .slice(0, -1);
}

/** Other bytes in a segment, of which the head knows the length. */
export function rewrite(folder: string, index: number, content: Uint8Array): void {
  writeFileSync(join(folder, `segments/00000${index}.jsonl.gz`), gzipSync(content));
  withHead(folder, (head) => {
    head.segments = head.segments.map((each, i) => (i === index ? { ...each, bytes: content.length } : each));
  });
}

/** Lines as a segment holds them. */
export const text = (lines: readonly string[]): Uint8Array => encodeText(lines.map((line) => `${line}\n`).join(''));

export function relines(folder: string, index: number, change: (lines: string[]) => string[]): void {
  rewrite(folder, index, text(change(linesIn(folder, `segments/00000${index}.jsonl.gz`))));
}

/** All lines cut anew at the given places, hashes and head following: only the cut is wrong. */
export function recut(folder: string, ends: readonly number[]): void {
  const head = readHead(folder);
  const all = head.segments.flatMap((_, i) => linesIn(folder, `segments/00000${i}.jsonl.gz`));
  let before = startHash(head.definitionHash);
  head.segments = ends.map((end, i) => {
    const lines = all.slice(ends[i - 1] ?? 0, end);
    writeFileSync(join(folder, `segments/00000${i}.jsonl.gz`), gzipSync(text(lines)));
    before = hashAfter({ before, lines: lines.map(encodeText) });
    return { entries: lines.length, bytes: text(lines).length, hash: encodeHex(before) };
  });
  writeFileSync(join(folder, HEAD), canonicalBytes(head));
}

export function flipBit(path: string, offset: number): void {
  const bytes = readFileSync(path);
  bytes[offset] = (bytes[offset] ?? 0) ^ 1;
  writeFileSync(path, bytes);
}

export function swap<T>(list: T[], i: number, j: number): T[] {
  return list.map((each, k) => (k === i ? (list[j] as T) : k === j ? (list[i] as T) : each));
}

/** A file that the head names, or another one of the same name, with so many bytes; there or not. */
export function headNames(name: string, bytes = 1): (folder: string) => void {
  return (folder) =>
    withHead(folder, (head) => {
      const others = head.files.filter((each) => each.name !== name);
      const file = { name, bytes, sha256: `0x${'00'.repeat(32)}` as const };
      head.files = [...others, file].sort((a, b) => (a.name < b.name ? -1 : 1));
    });
}

/** A folder where a file was. */
export function makeFolder(path: string): void {
  rmSync(path);
  mkdirSync(path);
}

export function headIs(change: (head: Loose) => unknown): (folder: string) => void {
  return (folder) => withHead(folder, (head) => change(head as unknown as Loose));
}
