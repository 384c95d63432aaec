import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Hex } from '../encoding.ts';
import { decodeHex, encodeHex } from '../encoding.ts';
import { at, require } from '../errors.ts';
import { sha256 } from '../hash.ts';
import { startHash } from '../record/chain-hash.ts';
import type { RecordHead } from '../record/head.ts';
import type { PublishedFile } from '../record/published-names.ts';
import { HEAD_FILE, encodeHead, headOf, publishedName, segmentName } from '../record/head.ts';
import { readSegments } from '../record/read-record.ts';
import type { SegmentSummary } from '../record/segment.ts';
import { isFull, segmentContent, summaryOf } from '../record/segment.ts';
import { folderFiles } from './record-folder.ts';
import { refuse } from './files.ts';
import { compress, decompress } from './gzip.ts';

/** The segment that is being filled; changed in place by its writer. */
interface Filling {
  readonly before: Uint8Array;
  readonly lines: Uint8Array[];
  bytes: number;
}

/** Writes a record into a folder, entry by entry; holds one segment. Without its head, the folder is no record yet. */
export class RecordWriter {
  readonly #folder: string;
  readonly #definitionHash: Hex;
  readonly #closed: SegmentSummary[] = [];
  #open: Filling;

  /** @param definitionHash - of the election that the record is of */
  constructor(folder: string, definitionHash: Hex) {
    this.#folder = folder;
    this.#definitionHash = definitionHash;
    this.#open = { before: startHash(definitionHash), lines: [], bytes: 0 };
  }

  /** A writer that goes on where the record in the folder ends. @throws `record/*` if that is not whole */
  static async resume(folder: string, head: RecordHead): Promise<RecordWriter> {
    for await (const { index } of readSegments(folderFiles(folder), head)) void index;
    return RecordWriter.reopen(folder, head);
  }

  /**
   * {@link resume} without looking at any segment but the last, which must be known to be what the head says: that the others are is for
   * those who read them.
   *
   * @throws `record/gzip`, `file/*`
   */
  static async reopen(folder: string, head: RecordHead): Promise<RecordWriter> {
    const writer = new RecordWriter(folder, head.definitionHash);
    writer.#closed.push(...head.segments);
    const last = writer.#closed.at(-1);
    if (last === undefined) return writer;
    writer.#open = { before: decodeHex(last.hash, 32), lines: [], bytes: 0 };
    if (!isFull(last.entries, last.bytes)) await writer.#reopen();
    return writer;
  }

  /** Entries written so far. */
  get entries(): number {
    return this.#entriesBefore() + this.#open.lines.length;
  }

  /** Segments that are on disk: what comes after them is still in memory. */
  get segments(): readonly SegmentSummary[] {
    return this.#closed;
  }

  /** Appends the line of an entry, without line feed. */
  async append(line: Uint8Array): Promise<void> {
    this.#open.lines.push(line);
    this.#open.bytes += line.length + 1;
    if (isFull(this.#open.lines.length, this.#open.bytes)) await this.#close();
  }

  /** Cuts the record back to its first `entries`: the chain has given up the rest. */
  async keep(entries: number): Promise<void> {
    while (this.#entriesBefore() > entries) await this.#reopen();
    const { before, lines } = this.#open;
    const kept = lines.slice(0, entries - this.#entriesBefore());
    this.#open = { before, lines: kept, bytes: kept.reduce((sum, line) => sum + line.length + 1, 0) };
  }

  /** Writes a published file. */
  async publish(name: string, content: Uint8Array): Promise<PublishedFile> {
    await this.#write(publishedName(name), content);
    return { name, bytes: content.length, sha256: encodeHex(sha256(content)) };
  }

  /** Copies a published file, of any size. */
  async copy(name: string, from: string): Promise<PublishedFile> {
    const path = join(this.#folder, publishedName(name));
    await mkdir(dirname(path), { recursive: true });
    const hash = createHash('sha256');
    let bytes = 0;
    const counted = async function* (chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
      for await (const chunk of chunks) {
        hash.update(chunk);
        bytes += chunk.length;
        yield chunk;
      }
    };
    await pipeline(createReadStream(from) as AsyncIterable<Uint8Array>, counted, createWriteStream(path));
    return { name, bytes, sha256: `0x${hash.digest('hex')}` };
  }

  /** Writes the last segment and the head: only now is it a record. @throws `file/unwritable` */
  async finish(chainId: number, election: Hex, files: readonly PublishedFile[]): Promise<RecordHead> {
    if (this.#open.lines.length > 0) await this.#close();
    const ordered = [...files].sort((a, b) => (a.name < b.name ? -1 : 1));
    const names = { version: 1, chainId, election, definitionHash: this.#definitionHash } as const;
    const head = headOf(names, this.#closed, ordered);
    await this.#write(HEAD_FILE, encodeHead(head));
    return head;
  }

  #entriesBefore(): number {
    return this.#closed.reduce((sum, { entries }) => sum + entries, 0);
  }

  async #close(): Promise<void> {
    const summary = summaryOf(this.#open);
    await this.#write(segmentName(this.#closed.length), compress(segmentContent(this.#open)));
    this.#closed.push(summary);
    this.#open = { before: decodeHex(summary.hash, 32), lines: [], bytes: 0 };
  }

  /** Takes the last closed segment back into memory. */
  async #reopen(): Promise<void> {
    const index = this.#closed.length - 1;
    const summary = at(this.#closed, index);
    const path = join(this.#folder, segmentName(index));
    const lines = linesOf(await readFile(path).catch((error: unknown) => refuse(error, path)), summary.bytes);
    const before = index === 0 ? startHash(this.#definitionHash) : decodeHex(at(this.#closed, index - 1).hash, 32);
    this.#closed.pop();
    this.#open = { before, lines, bytes: summary.bytes };
    await rm(path);
  }

  async #write(name: string, content: Uint8Array): Promise<void> {
    const path = join(this.#folder, name);
    try {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, content);
    } catch (error) {
      refuse(error, path);
    }
  }
}

/** The lines of a segment that this writer wrote or has read before. */
function linesOf(file: Uint8Array, bytes: number): Uint8Array[] {
  const content = decompress(file, bytes);
  require(typeof content !== 'string', 'record/gzip', 'a segment was changed while it was being extended');
  const lines: Uint8Array[] = [];
  for (let start = 0; start < content.length;) {
    const end = content.indexOf(0x0a, start);
    lines.push(content.slice(start, end));
    start = end + 1;
  }
  return lines;
}
