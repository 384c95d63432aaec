import { decodeUtf8 } from '../canonical-json.ts';
import { concatBytes } from '../encoding.ts';
import { UrnaError, require } from '../errors.ts';
import type { Entry } from './entry.ts';
import { decodeEntryLine, encodeEntryLine } from './entry.ts';
import { MAX_LINE } from './segment.ts';

const LINE_FEED = 0x0a;

/** The lines of a record file (JSONL), each with its line feed, in the entries' order. */
export function* encodeRecord(entries: Iterable<Entry>): Generator<string> {
  for (const entry of entries) yield `${encodeEntryLine(entry)}\n`;
}

/**
 * The entries of a record file given in chunks of any size; holds one line at a time.
 *
 * @throws `record/line` with the line's number and what is wrong: a line too long, not canonical, of unknown kind or
 * shape, numbered out of turn, or a last line that is cut off
 */
export async function* decodeRecord(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<Entry> {
  let rest: Uint8Array = new Uint8Array();
  let seq = 0;
  for await (const chunk of chunks) {
    rest = rest.length === 0 ? chunk : concatBytes(rest, chunk);
    let start = 0;
    for (let end = rest.indexOf(LINE_FEED); end >= 0; end = rest.indexOf(LINE_FEED, start)) {
      yield decodeLine(rest.subarray(start, end), seq++);
      start = end + 1;
    }
    rest = rest.slice(start);
    require(rest.length <= MAX_LINE, 'record/line', `line ${seq + 1}: longer than ${MAX_LINE} bytes`);
  }
  require(rest.length === 0, 'record/line', `line ${seq + 1}: cut off, no line feed at its end`);
}

function decodeLine(bytes: Uint8Array, seq: number): Entry {
  try {
    require(bytes.length <= MAX_LINE, 'record/line', `longer than ${MAX_LINE} bytes`);
    const entry = decodeEntryLine(decodeUtf8(bytes));
    require(entry.seq === seq, 'record/line', `entry ${entry.seq} stands where ${seq} belongs`);
    return entry;
  } catch (error) {
    if (error instanceof UrnaError) throw new UrnaError('record/line', `line ${seq + 1}: ${error.message}`);
    throw error;
  }
}
