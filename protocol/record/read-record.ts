import type { Json } from '../canonical-json.ts';
import { parseCanonical } from '../canonical-json.ts';
import { encodeHex } from '../encoding.ts';
import { UrnaError, at, require } from '../errors.ts';
import { decodeEntry } from './entry.ts';
import type { Entry, EntryData } from './entry.ts';
import type { RecordFiles } from './files.ts';
import type { RecordHead } from './head.ts';
import { segmentName } from './head.ts';
import { chainDigest, lineDigest, startHash } from './chain-hash.ts';
import { MAX_LINE, isFull } from './segment.ts';
import type { SegmentSummary } from './segment.ts';

/** A segment that is whole: its lines hash to what the head says. */
export interface WholeSegment {
  /** Number of the segment, and of its first entry. */
  readonly index: number;
  readonly first: number;
  readonly lines: readonly Uint8Array[];
  /** SHA-256 of each line. */
  readonly digests: readonly Uint8Array[];
  /** What the lines hold, in order. Whether it is an entry is for the checks. */
  readonly values: readonly Json[];
  readonly summary: SegmentSummary;
}

type Defined = EntryData<'defined'>;

/** A compressed segment is hardly longer than its content; anything else is not read. */
const SLACK = 2 ** 16;
const LINE_FEED = 0x0a;

/**
 * The segments of a record in order, one in memory at a time, each yielded once it is known to be whole (SPEC §14.6).
 *
 * @throws `record/missing`, `record/gzip`, `record/length`, `record/line`, `record/cut`, `record/hash`, `record/election`, each
 * naming the file and, where it has one, the line and entry
 */
export async function* readSegments(files: RecordFiles, head: RecordHead): AsyncGenerator<WholeSegment> {
  let before = startHash(head.definitionHash);
  let first = 0;
  let defined = false;
  for (const [index, summary] of head.segments.entries()) {
    const name = segmentName(index);
    const content = await readContent(files, name, summary.bytes);
    const lines = splitLines(content, name, first);
    const values = lines.map((line, i) => parseLine(line, () => placeOf(name, i, first + i)));
    requireCut(lines, summary, name, index === head.segments.length - 1);
    const digests = lines.map(lineDigest);
    before = digests.reduce(chainDigest, before);
    require(encodeHex(before) === summary.hash, 'record/hash', `${name}: its hash is not the one in the head`);
    const claim: Defined | undefined = defined
      ? undefined
      : values.map(readDefined).find((entry) => entry !== undefined);
    if (claim !== undefined) requireSame(claim, head);
    defined ||= claim !== undefined;
    yield { index, first, lines, digests, values, summary };
    first += lines.length;
  }
}

/** A line of a record that is whole: what it holds, and its SHA-256. */
export interface RecordLine {
  readonly value: Json;
  readonly digest: Uint8Array;
}

/** A record's lines in order: what the checks take. @throws as {@link readSegments} */
export async function* readRecordLines(files: RecordFiles, head: RecordHead): AsyncGenerator<RecordLine> {
  for await (const { values, digests } of readSegments(files, head)) {
    for (const [i, value] of values.entries()) yield { value, digest: at(digests, i) };
  }
}

/** The values of a record's lines in order. @throws as {@link readSegments} */
export async function* readValues(files: RecordFiles, head: RecordHead): AsyncGenerator<Json> {
  for await (const { values } of readSegments(files, head)) yield* values;
}

/**
 * The entries of a record in order, for those who build on them.
 *
 * @throws `record/line` for what is no entry or stands out of turn, and as {@link readSegments}
 */
export async function* readEntries(files: RecordFiles, head: RecordHead): AsyncGenerator<Entry> {
  for await (const { index, first, values } of readSegments(files, head)) {
    for (const [i, value] of values.entries()) {
      const place = placeOf(segmentName(index), i, first + i);
      const entry = named('record/line', place, () => decodeEntry(value));
      require(entry.seq === first + i, 'record/line', `${place}: entry ${entry.seq} stands where ${first + i} belongs`);
      yield entry;
    }
  }
}

/** A line as people look for it: lines are counted from 1, entries from 0. */
function placeOf(name: string, line: number, entry: number): string {
  return `${name}, line ${line + 1} (entry ${entry})`;
}

function named<T>(code: string, place: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof UrnaError) throw new UrnaError(code, `${place}: ${error.message}`);
    throw error;
  }
}

async function readContent(files: RecordFiles, name: string, bytes: number): Promise<Uint8Array> {
  const compressed = await files.read(name, bytes + SLACK);
  require(compressed !== undefined, 'record/missing', `${name}: the head names it, and it is not there`);
  require(compressed.length <= bytes + SLACK, 'record/gzip', `${name}: longer than any compression of ${bytes} bytes`);
  const content = await files.inflate(compressed, bytes);
  require(content !== 'damaged', 'record/gzip', `${name}: not one whole gzip member, or something follows it`);
  const same = content !== 'longer' && content.length === bytes;
  require(same, 'record/length', `${name}: inflates to ${content === 'longer' ? 'more' : 'fewer'} than ${bytes} bytes`);
  return content;
}

function splitLines(content: Uint8Array, name: string, first: number): Uint8Array[] {
  const lines: Uint8Array[] = [];
  let start = 0;
  while (start < content.length) {
    const end = content.indexOf(LINE_FEED, start);
    const place = (): string => placeOf(name, lines.length, first + lines.length);
    require(end >= 0, 'record/line', `${place()}: cut off, no line feed at its end`);
    require(end - start <= MAX_LINE, 'record/line', `${place()}: longer than ${MAX_LINE} bytes`);
    lines.push(content.subarray(start, end));
    start = end + 1;
  }
  return lines;
}

function parseLine(line: Uint8Array, place: () => string): Json {
  return named('record/line', place(), () => {
    const value = parseCanonical(line);
    require(hasPlainNumbers(value), 'record/line', 'a number that is no integer in [0, 2^53)');
    return value;
  });
}

function hasPlainNumbers(value: Json): boolean {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0;
  return typeof value !== 'object' || value === null || Object.values(value).every(hasPlainNumbers);
}

/** A segment ends where SPEC §14.5 says, not before and not after. */
function requireCut(
  lines: readonly Uint8Array[],
  { entries, bytes }: SegmentSummary,
  name: string,
  last: boolean,
): void {
  require(lines.length === entries, 'record/cut', `${name}: ${lines.length} entries, the head says ${entries}`);
  const before = bytes - at(lines, lines.length - 1).length - 1;
  const wrong = isFull(lines.length - 1, before) || (!last && !isFull(lines.length, bytes));
  require(!wrong, 'record/cut', `${name}: does not end where a segment ends`);
}

function readDefined(value: Json): Defined | undefined {
  try {
    const entry = decodeEntry(value);
    return entry.kind === 'defined' ? entry.data : undefined;
  } catch (error) {
    if (error instanceof UrnaError) return undefined; // the check of its kind says so
    throw error;
  }
}

function requireSame(
  defined: Pick<RecordHead, 'chainId' | 'election' | 'definitionHash'>,
  { chainId, election, definitionHash }: RecordHead,
): void {
  const same =
    defined.chainId === chainId && defined.election === election && defined.definitionHash === definitionHash;
  require(same, 'record/election', 'record.json names another chain, contract or definition than the record itself');
}
