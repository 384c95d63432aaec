import { canonicalJson, decodeUtf8, parseCanonical } from '../canonical-json.ts';
import type { Json } from '../canonical-json.ts';
import { decodeHex, decodeNumber, encodeHex } from '../encoding.ts';
import { require } from '../errors.ts';
import { hashWords } from '../hash.ts';
import { readIndex, readLines, readMembers } from '../json-members.ts';
import type { Field } from '../math/field.ts';
import { REGISTRATION_TREE, merkleRoot } from './merkle.ts';
import type { Register, RegisterEvent, Revocation } from './register.ts';
import { encodeRegistration, readRegistration } from './registration.ts';

const SHAPE = 'registration-file/shape';

/** Final entries in the file's order: by district, then credential key; one entry a credential (SPEC §5.6). */
export function finalEntries(state: Register): RegisterEvent[] {
  return [...state.registrations.values(), ...state.revocations.values()].sort(compareEntries);
}

/** UTF-8 bytes of `registrations.jsonl`: a canonical JSON line and a line feed an entry. */
export function encodeRegistrationFile(entries: readonly RegisterEvent[]): Uint8Array {
  return new TextEncoder().encode(entries.map(encodeEntry).join(''));
}

/** The line of an entry, with its line feed. */
export function encodeEntry(entry: RegisterEvent): string {
  return `${'signature' in entry ? encodeRegistration(entry) : canonicalJson({ ...entry })}\n`;
}

/**
 * Strict inverse of {@link encodeRegistrationFile}. Signatures are checked by `checkRegistrations`.
 *
 * @throws `registration-file/shape`, `registration-file/order`, `registration/shape`, `encoding/hex`, `field/range`, `json/*`
 */
export function decodeRegistrationFile(bytes: Uint8Array): RegisterEvent[] {
  const entries = readLines(decodeUtf8(bytes), SHAPE).map((line) => readEntry(parseCanonical(line)));
  entries.forEach((entry, i) => requireAfter(entries[i - 1], entry, i));
  return entries;
}

/** An entry stands after the one of the line before. @param line - 0-based @throws `registration-file/order` */
export function requireAfter(previous: RegisterEvent | undefined, entry: RegisterEvent, line: number): void {
  const ordered = previous === undefined || compareEntries(previous, entry) < 0;
  require(ordered, 'registration-file/order', `line ${line + 1} repeats a credential or is out of order`);
}

/** Merkle root of the file: what the roll's version seals on chain. */
export function registrationsRoot(entries: readonly RegisterEvent[]): bigint {
  return merkleRoot(REGISTRATION_TREE, entries.map(registrationLeaf));
}

/** `H("registration-leaf", …)` or `H("revocation-leaf", …)` (SPEC §5.6). */
export function registrationLeaf(entry: RegisterEvent): bigint {
  const head = [BigInt(entry.district), BigInt(entry.credentialKey)];
  if (!('signature' in entry)) return hashWords('revocation-leaf', [...head, BigInt(entry.replacement ?? 0)]);
  const signature = decodeHex(entry.signature, 64);
  const halves = [decodeNumber(signature.subarray(0, 32)), decodeNumber(signature.subarray(32))];
  return hashWords('registration-leaf', [...head, entry.commitment, BigInt(entry.sequence), ...halves]);
}

/** Commitments of every district, strictly increasing: the leaves of its roll. @param districts - how many there are */
export function membersOf(entries: readonly RegisterEvent[], districts: number): Field[][] {
  const members = Array.from({ length: districts }, (): Field[] => []);
  for (const entry of entries) if ('signature' in entry) members[entry.district]?.push(entry.commitment);
  return members.map((list) => list.sort((a, b) => (a < b ? -1 : Number(a > b))));
}

/** The entry in a parsed JSON value. @throws as {@link decodeRegistrationFile} */
export function readEntry(value: Json): RegisterEvent {
  const isRevocation = typeof value === 'object' && value !== null && 'replacement' in value;
  return isRevocation ? readRevocation(value) : readRegistration(value);
}

/** The revocation in a parsed JSON value. @throws `registration-file/shape`, `encoding/hex` */
export function readRevocation(value: Json): Revocation {
  const { district, credentialKey, replacement } = readMembers(
    value,
    ['credentialKey', 'district', 'replacement'],
    SHAPE,
  );
  return {
    district: readIndex(district, SHAPE),
    credentialKey: encodeHex(decodeHex(credentialKey, 32)),
    replacement: replacement === null ? null : encodeHex(decodeHex(replacement, 32)),
  };
}

function compareEntries(a: RegisterEvent, b: RegisterEvent): number {
  if (a.district !== b.district) return a.district - b.district;
  return a.credentialKey < b.credentialKey ? -1 : Number(a.credentialKey > b.credentialKey);
}
