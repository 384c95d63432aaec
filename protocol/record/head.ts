import { canonicalJson, parseCanonical } from '../canonical-json.ts';
import { encodeHex } from '../encoding.ts';
import { UrnaError, require } from '../errors.ts';
import { startHash } from './chain-hash.ts';
import { publishedFile } from './published-names.ts';
import { FULL_ENTRIES, MAX_SEGMENT } from './segment.ts';
import type { Shaped } from './shape.ts';
import { address, constant, count, list, record, word } from './shape.ts';

/** Name of the file that a record is named by. */
export const HEAD_FILE = 'record.json';
/** Most bytes of a head (SPEC §14.6): a hundred thousand segments, each of megabytes. */
export const MAX_HEAD = 2 ** 24;

const segment = record({ entries: count, bytes: count, hash: word });
const shape = record({
  version: constant(1),
  chainId: count,
  election: address,
  definitionHash: word,
  entries: count,
  hash: word,
  segments: list(segment),
  files: list(publishedFile),
});

/** The head of a record, `record.json`: what it is of, its segments and its published files (SPEC §14.6). */
export type RecordHead = Shaped<typeof shape>;

/** Name of the `index`-th segment's file. */
export function segmentName(index: number): string {
  return `segments/${String(index).padStart(6, '0')}.jsonl.gz`;
}

/** Name of a published file in a record's folder. */
export function publishedName(name: string): string {
  return `files/${name}`;
}

/** The head of a record of these segments; `files` in their order (SPEC §14.6). */
export function headOf(
  names: Pick<RecordHead, 'version' | 'chainId' | 'election' | 'definitionHash'>,
  segments: RecordHead['segments'],
  files: RecordHead['files'] = [],
): RecordHead {
  const entries = segments.reduce((sum, each) => sum + each.entries, 0);
  const hash = segments.at(-1)?.hash ?? encodeHex(startHash(names.definitionHash));
  return { ...names, entries, hash, segments, files };
}

/** The bytes of `record.json`. @throws `record/head` for numbers that do not add up */
export function encodeHead(head: RecordHead): Uint8Array {
  requireSums(head);
  return new TextEncoder().encode(canonicalJson(head));
}

/** The head in the bytes of `record.json`. @throws `record/version`, `record/head` */
export function decodeHead(bytes: Uint8Array): RecordHead {
  try {
    const value = parseCanonical(bytes);
    const isOther = typeof value === 'object' && value !== null && 'version' in value && value.version !== 1;
    require(!isOther, 'record/version', `${HEAD_FILE}: a record of another version than 1`);
    const head = shape.read(value, HEAD_FILE);
    requireSums(head);
    return head;
  } catch (error) {
    if (!(error instanceof UrnaError) || error.code === 'record/version') throw error;
    const place = error.message.startsWith(HEAD_FILE) ? '' : `${HEAD_FILE}: `;
    throw new UrnaError('record/head', `${place}${error.message}`);
  }
}

/** JSON Schema (2020-12) of a head, from the same table: `schemas/record-head.schema.json`. */
export function recordHeadSchema(): Readonly<Record<string, unknown>> {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:urna:schema:record-head:1',
    title: 'Head of an Urna election record (SPEC §14.6)',
    ...shape.schema,
  };
}

/** What the shape does not say: totals, bounds and order. */
function requireSums({ definitionHash, entries, hash, segments, files }: RecordHead): void {
  segments.forEach((each, index) => {
    const fits = each.entries >= 1 && each.entries <= FULL_ENTRIES && each.bytes <= MAX_SEGMENT;
    require(fits, 'record/head', `${HEAD_FILE}.segments[${index}]: no segment has so many entries or bytes`);
  });
  const total = segments.reduce((sum, each) => sum + each.entries, 0);
  require(entries === total, 'record/head', `${HEAD_FILE}.entries: its segments have ${total}, not ${entries}`);
  const last = segments.at(-1)?.hash ?? encodeHex(startHash(definitionHash));
  require(hash === last, 'record/head', `${HEAD_FILE}.hash: not that of its last segment`);
  files.forEach(({ name }, index) => {
    const ordered = index === 0 || (files[index - 1]?.name ?? '') < name;
    require(ordered, 'record/head', `${HEAD_FILE}.files[${index}]: names out of order or repeated`);
  });
}
