import { canonicalBytes, parseCanonical } from '../protocol/canonical-json.ts';
import type { Json } from '../protocol/canonical-json.ts';
import type { Hex } from '../protocol/encoding.ts';
import { decodeHex, encodeHex } from '../protocol/encoding.ts';
import { require } from '../protocol/errors.ts';
import { sha256 } from '../protocol/hash.ts';
import { readMembers } from '../protocol/json-members.ts';
import type { KeySetup } from './proving-key.ts';

/** One step of a ceremony as its transcript tells it. */
export interface Entry {
  readonly kind: 'start' | 'contribution' | 'beacon';
  /** The contributor's, empty at the start, `beacon` at the end. */
  readonly name: string;
  /** Day, `YYYY-MM-DD`, as the contributor gave it: nobody can check it. */
  readonly date: string;
  /** snarkjs's contribution hash; at the start its circuit hash. */
  readonly hash: Hex;
  /** SHA-256 of the proving key after the step. */
  readonly file: Hex;
  /** SHA-256 of the entry before, in RFC 8785 form; at the start of the head's file. */
  readonly previous: Hex;
}

const TYPE = 'urna/v1/setup-transcript';
const CODE = 'setup/transcript';
const KINDS = ['start', 'contribution', 'beacon'] as const;

/** Hash of an entry, which the next one names; of the last one, the hash of the transcript. */
export function entryHash(entry: Entry): Hex {
  return encodeHex(sha256(canonicalBytes(entry)));
}

/** What the next entry has to name as `previous`. */
export function chainTip(headBytes: Uint8Array, entries: readonly Entry[]): Hex {
  const last = entries.at(-1);
  return last === undefined ? encodeHex(sha256(headBytes)) : entryHash(last);
}

/** `transcript.json`, RFC 8785. */
export function encodeTranscript(entries: readonly Entry[]): Uint8Array {
  return canonicalBytes({ entries, type: TYPE });
}

/** Strict inverse of {@link encodeTranscript}. @throws `setup/transcript`, `encoding/hex`, `json/…` */
export function decodeTranscript(bytes: Uint8Array): Entry[] {
  const file = readMembers(parseCanonical(bytes), ['entries', 'type'], CODE);
  require(file.type === TYPE, CODE, `not a file of type ${TYPE}`);
  require(Array.isArray(file.entries) && file.entries.length > 0, CODE, 'a transcript begins with its start');
  return file.entries.map(readEntry);
}

function readEntry(value: Json): Entry {
  const entry = readMembers(value, ['date', 'file', 'hash', 'kind', 'name', 'previous'], CODE);
  const kind = KINDS.find((each) => each === entry.kind);
  require(kind !== undefined, CODE, 'an entry is a start, a contribution or a beacon');
  require(typeof entry.name === 'string' && typeof entry.date === 'string', CODE, 'name and date are text');
  return {
    kind,
    name: entry.name,
    date: checkDate(entry.date),
    hash: encodeHex(decodeHex(entry.hash, 64)),
    file: encodeHex(decodeHex(entry.file, 32)),
    previous: encodeHex(decodeHex(entry.previous, 32)),
  };
}

/** A day of the calendar, `YYYY-MM-DD`. @throws `setup/date` */
export function checkDate(text: string): string {
  const day = /^\d{4}-\d\d-\d\d$/.test(text) ? new Date(`${text}T00:00:00Z`) : undefined;
  const exists = day !== undefined && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
  require(exists, 'setup/date', 'expected a day such as 2027-05-09');
  return text;
}

/**
 * A contributor's name: it stands in the key, which has room for 64 characters, and on screens.
 *
 * @throws `setup/name` for an empty or longer one, control and format characters, or white space at its ends
 */
export function checkName(name: string): string {
  const fits = name.length >= 1 && name.length <= 64 && name === name.trim() && name === name.normalize('NFC');
  require(fits && !/[\p{C}\p{Zl}\p{Zp}]/u.test(name), 'setup/name', 'a name is 1 to 64 printable characters');
  return name;
}

/**
 * Where a transcript, its head and the newest proving key contradict each other; none if they agree.
 *
 * @param keyFile - SHA-256 of the proving key
 */
export function transcriptProblems(
  headBytes: Uint8Array,
  entries: readonly Entry[],
  { circuitHash, contributions }: KeySetup,
  keyFile: Hex,
): string[] {
  const problems: string[] = [];
  entries.forEach((entry, i) => {
    const tip = chainTip(headBytes, entries.slice(0, i));
    if (entry.previous !== tip) problems.push(`entry ${i} does not follow ${i === 0 ? 'the head' : `entry ${i - 1}`}`);
    if ((entry.kind === 'start') !== (i === 0)) problems.push(`entry ${i} is out of place`);
    if (entry.kind === 'beacon' && i !== entries.length - 1) problems.push(`entry ${i} follows a beacon`);
  });
  if (entries[0]?.hash !== circuitHash) problems.push('the proving key began as another key');
  const steps = entries.slice(1);
  if (steps.length !== contributions.length) {
    problems.push(`the transcript names ${steps.length} contributions, the proving key holds ${contributions.length}`);
  }
  contributions.forEach(({ name, hash, beacon }, i) => {
    const step = steps[i];
    if (step === undefined) return;
    if (step.hash !== hash) problems.push(`contribution ${i + 1} in the proving key is not the one of the transcript`);
    if (step.name !== name) problems.push(`contribution ${i + 1} has another name in the proving key`);
    if ((step.kind === 'beacon') !== (beacon !== undefined)) problems.push(`contribution ${i + 1} is of another kind`);
  });
  if (entries.at(-1)?.file !== keyFile) problems.push('the proving key is not the file of the last entry');
  return problems;
}
