import { concatBytes, encodeHex } from '../encoding.ts';
import { require } from '../errors.ts';
import { sha256Stream } from '../hash.ts';
import type { RecordHead } from './head.ts';
import { HEAD_FILE, MAX_HEAD, decodeHead, publishedName } from './head.ts';
import type { PublishedFile } from './published-names.ts';

/** Where a record's bytes come from: a folder, a server. Names are relative to the folder of `record.json`. */
export interface RecordFiles {
  /** The first bytes of a file, one more than `limit` at most; undefined if it is not there. */
  read(name: string, limit: number): Promise<Uint8Array | undefined>;
  /** A file in chunks; undefined if it is not there. */
  stream(name: string): Promise<AsyncIterable<Uint8Array> | undefined>;
  /**
   * What one gzip member holds (RFC 1952). `longer` as soon as it is more than `limit` bytes, `damaged` where it is not one
   * whole member or something follows it.
   */
  inflate(compressed: Uint8Array, limit: number): Promise<Uint8Array | 'longer' | 'damaged'>;
}

/** The head of a record. @throws `record/missing`, `record/version`, `record/head` */
export async function readHead(files: RecordFiles): Promise<RecordHead> {
  const bytes = await files.read(HEAD_FILE, MAX_HEAD);
  require(bytes !== undefined, 'record/missing', `there is no ${HEAD_FILE}`);
  require(bytes.length <= MAX_HEAD, 'record/head', `${HEAD_FILE}: longer than ${MAX_HEAD} bytes`);
  return decodeHead(bytes);
}

/**
 * A published file in chunks. The last is given only once all of it is known to be what the head says.
 *
 * @throws `record/missing`, `record/length`, `record/hash`
 */
export async function* streamPublished(files: RecordFiles, file: PublishedFile): AsyncGenerator<Uint8Array> {
  const name = publishedName(file.name);
  const chunks = await files.stream(name);
  require(chunks !== undefined, 'record/missing', `${name}: the head names it, and it is not there`);
  const hash = sha256Stream();
  let length = 0;
  let held: Uint8Array | undefined;
  for await (const chunk of chunks) {
    length += chunk.length;
    require(length <= file.bytes, 'record/length', `${name}: more than ${file.bytes} bytes`);
    hash.update(chunk);
    if (held !== undefined) yield held;
    held = chunk;
  }
  require(length === file.bytes, 'record/length', `${name}: fewer than ${file.bytes} bytes`);
  require(encodeHex(hash.digest()) === file.sha256, 'record/hash', `${name}: its SHA-256 is not the one in the head`);
  if (held !== undefined) yield held;
}

/** All of a published file; undefined if the record has none of this name. @throws as {@link streamPublished} */
export async function readPublished(
  files: RecordFiles,
  head: RecordHead,
  name: string,
): Promise<Uint8Array | undefined> {
  const file = head.files.find((each) => each.name === name);
  if (file === undefined) return undefined;
  const chunks: Uint8Array[] = [];
  for await (const chunk of streamPublished(files, file)) chunks.push(chunk);
  return concatBytes(...chunks);
}
