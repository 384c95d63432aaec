import { parseCanonical } from '../canonical-json.ts';
import { concatBytes } from '../encoding.ts';
import { require } from '../errors.ts';
import type { RegisterEvent } from './register.ts';
import { encodeEntry, readEntry, requireAfter } from './registration-file.ts';

const SHAPE = 'registration-file/shape';
const LINE_FEED = 0x0a;
/** No entry in its canonical form is longer; one that never ends must not fill the memory. */
const MAX_LINE = 1024;

/** Characters of a piece that is written at once. */
const PIECE = 2 ** 16;

/** Bytes of a file in pieces of any size. */
export type Chunks = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/** Entries of a file in its order. */
export type RegisterEvents = Iterable<RegisterEvent> | AsyncIterable<RegisterEvent>;

/** Lines that a file has at most (SPEC §5.6). @param voters - of each district: so many keys can be sealed at most, and so many in reserve */
export function mostRegistrations(voters: readonly bigint[]): number {
  return Number(2n * voters.reduce((sum, each) => sum + each, 0n));
}

/**
 * The entries of `registrations.jsonl`, one line in memory at a time: a city's file has half a gigabyte. Refuses what
 * `decodeRegistrationFile` refuses, where it comes to it, and a line after the `most`-th.
 *
 * @throws the codes of `decodeRegistrationFile`
 */
export async function* readRegistrations(chunks: Chunks, most = Infinity): AsyncGenerator<RegisterEvent> {
  let previous: RegisterEvent | undefined;
  let line = 0;
  for await (const bytes of splitLines(chunks)) {
    require(line < most, SHAPE, `more than ${most} lines: so many keys cannot be sealed`);
    const entry = readEntry(parseCanonical(bytes));
    requireAfter(previous, entry, line);
    yield entry;
    previous = entry;
    line += 1;
  }
}

/** `registrations.jsonl` in pieces, the bytes of `encodeRegistrationFile`: all of a city's are longer than a string may be. */
export async function* registrationPieces(entries: RegisterEvents): AsyncGenerator<string> {
  let text = '';
  for await (const entry of entries) {
    text += encodeEntry(entry);
    if (text.length < PIECE) continue;
    yield text;
    text = '';
  }
  yield text;
}

async function* splitLines(chunks: Chunks): AsyncGenerator<Uint8Array> {
  let rest: Uint8Array = new Uint8Array();
  for await (const chunk of chunks) {
    const bytes = rest.length === 0 ? chunk : concatBytes(rest, chunk);
    let start = 0;
    for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, start)) {
      yield bytes.subarray(start, end);
      start = end + 1;
    }
    rest = bytes.slice(start);
    require(rest.length <= MAX_LINE, SHAPE, `a line is longer than ${MAX_LINE} bytes`);
  }
  require(rest.length === 0, SHAPE, 'the last line has no line feed');
}
