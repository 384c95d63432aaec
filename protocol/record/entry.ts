import { canonicalJson, parseCanonical } from '../canonical-json.ts';
import type { Hex } from '../encoding.ts';
import { require } from '../errors.ts';
import { kinds } from './kinds.ts';
import type { Shaped } from './shape.ts';
import { count, record, word } from './shape.ts';

/** The kinds of record entries (SPEC §14.1). */
export type EntryKind = keyof typeof kinds;

/** The `data` of a kind. */
export type EntryData<K extends EntryKind> = Shaped<(typeof kinds)[K]>;

/** An entry of one kind; `block` and `time` are of its block, `transaction` the hash that put it on chain. */
export interface EntryOf<K extends EntryKind> {
  readonly seq: number;
  readonly block: number;
  readonly time: number;
  readonly transaction: Hex;
  readonly kind: K;
  readonly data: EntryData<K>;
}

/** Any entry: a union discriminated by `kind`. */
export type Entry = { readonly [K in EntryKind]: EntryOf<K> }[EntryKind];

const frame = record({
  seq: count,
  block: count,
  time: count,
  transaction: word,
  kind: { read: (value) => value, schema: {} },
  data: { read: (value) => value, schema: {} },
});

function isKind(value: unknown): value is EntryKind {
  return typeof value === 'string' && Object.hasOwn(kinds, value);
}

/**
 * The entry in a JSON value: known kind, exactly its members, each in its encoding (SPEC §1.2, §14.1).
 * It says nothing about points lying on their curve or about order: that is for the checks.
 *
 * @throws `record/kind` an unknown kind, `record/shape` anything else
 */
export function decodeEntry(value: unknown): Entry {
  const { kind, data, ...place } = frame.read(value, 'entry');
  require(isKind(kind), 'record/kind', 'entry.kind: not a kind of entry that this version knows');
  return { ...place, kind, data: kinds[kind].read(data, 'entry.data') } as Entry;
}

/** True if the entry has this kind. */
export function hasKind<K extends EntryKind>(entry: Entry, kind: K): entry is Extract<Entry, { readonly kind: K }> {
  return entry.kind === kind;
}

/** The line of an entry without its line feed: RFC 8785 canonical JSON. */
export function encodeEntryLine(entry: Entry): string {
  return canonicalJson(entry);
}

/** Strict inverse of {@link encodeEntryLine}. @throws `json/…`, `record/kind`, `record/shape` */
export function decodeEntryLine(line: string): Entry {
  return decodeEntry(parseCanonical(line));
}
