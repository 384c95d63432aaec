import { canonicalJson, parseCanonical } from '../../../protocol/canonical-json.ts';
import { encodeHex } from '../../../protocol/encoding.ts';
import { UrnaError } from '../../../protocol/errors.ts';
import { sha256 } from '../../../protocol/hash.ts';
import type { RecordHead } from '../../../protocol/record/head.ts';
import type { Shaped } from '../../../protocol/record/shape.ts';
import { constant, count, list, record, word } from '../../../protocol/record/shape.ts';
import { exists, readBytes, writeFile } from '../../../protocol/node/files.ts';
import { utf8Bytes } from '../frame/utf8.ts';

const shape = record({
  type: constant('urna/v1/proved'),
  election: word,
  keys: list(word),
  entries: count,
  hash: word,
});

/**
 * How far an observer has verified a record's proofs: the observer's own note, which nobody else's word may replace. `election` and
 * `keys` are the SHA-256 of the `election.json` and verifying keys that they were verified under.
 */
export type Proved = Shaped<typeof shape>;

/** What a note made now would be about. */
export function provedUnder(head: RecordHead, entries: number, hash: Proved['hash']): Proved {
  const named = (test: (name: string) => boolean): Proved['keys'] =>
    head.files.filter(({ name }) => test(name)).map((file) => file.sha256);
  const [election = encodeHex(sha256(utf8Bytes('')))] = named((name) => name === 'election.json');
  return { type: 'urna/v1/proved', election, keys: named((name) => name.endsWith('/vkey.json')), entries, hash };
}

/** Numbers of entries at which a record's segments end, with `h` there: where a run can be resumed. */
export function segmentEnds({ segments }: RecordHead): ReadonlyMap<number, Proved['hash']> {
  let entries = 0;
  return new Map(segments.map((segment) => [(entries += segment.entries), segment.hash]));
}

/**
 * Entries of this record whose proofs need not be verified again: those of a note about the same entries, definition and keys.
 *
 * @returns 0 where there is no note, undefined where there is one of something else
 */
export async function provedEntries(path: string, head: RecordHead): Promise<number | undefined> {
  if (!(await exists(path))) return 0;
  const note = await readNote(path);
  if (note === undefined || segmentEnds(head).get(note.entries) !== note.hash) return undefined;
  const same = canonicalJson(note) === canonicalJson(provedUnder(head, note.entries, note.hash));
  return same ? note.entries : undefined;
}

async function readNote(path: string): Promise<Proved | undefined> {
  try {
    return shape.read(parseCanonical(await readBytes(path, 2 ** 20)), 'proved');
  } catch (error) {
    if (error instanceof UrnaError && /^(?:json|record)\//u.test(error.code)) return undefined;
    throw error;
  }
}

/** Remembers that the proofs of so many entries hold. */
export async function writeProved(path: string, head: RecordHead, entries: number): Promise<void> {
  const hash = segmentEnds(head).get(entries);
  if (hash !== undefined) await writeFile(path, canonicalJson(provedUnder(head, entries, hash)), { replace: true });
}
