import type { SealedCredentials } from '../acts/objects.ts';
import { canonicalBytes, parseCanonical, requireFewValues } from '../canonical-json.ts';
import type { Hex } from '../encoding.ts';
import { decodeHex, encodeHex } from '../encoding.ts';
import { require } from '../errors.ts';
import { hashWords } from '../hash.ts';
import { readMembers, readIndex } from '../json-members.ts';
import { CREDENTIAL_TREE, merkleRoot } from './merkle.ts';

/** Member `type` of the file. */
export const TYPE = 'urna/v1/credential-list';

/** Bytes that a value of a list has at least, on average: a key has 69. A few more have less. */
const [SMALLEST, FEW] = [64, 64] as const;

/** The public side of a district's credentials (SPEC §5.3): no names, no codes, strictly increasing keys. */
export interface CredentialList {
  readonly definitionHash: Hex;
  /** Index of the district in the definition. */
  readonly district: number;
  /** Ed25519 public keys, one a voter. */
  readonly keys: readonly Hex[];
  /** Public keys that can replace lost ones, and only those. */
  readonly reserve: readonly Hex[];
}

/** Reserve credentials made for so many voters: 2 %, rounded up. */
export function reserveCount(voters: number): number {
  return Math.ceil(voters / 50);
}

/**
 * The list of these keys, sorted. Keys are random, so their order says nothing of the order in which they were made.
 *
 * @throws `credential-list/duplicate`, `encoding/hex`
 */
export function createCredentialList(
  definitionHash: Hex,
  district: number,
  keys: readonly Uint8Array[],
  reserve: readonly Uint8Array[],
): CredentialList {
  const sorted = (list: readonly Uint8Array[]): Hex[] => list.map(encodeHex).sort();
  return check({ definitionHash, district, keys: sorted(keys), reserve: sorted(reserve) });
}

/** Canonical bytes of the file the registrar and observers get. */
export function encodeCredentialList(list: CredentialList): Uint8Array {
  return canonicalBytes({ ...list, type: TYPE });
}

/**
 * Strict inverse of {@link encodeCredentialList}.
 *
 * @throws `credential-list/shape`, `credential-list/order`, `credential-list/duplicate`, `encoding/hex`, `json/*`
 */
export function decodeCredentialList(bytes: Uint8Array): CredentialList {
  const code = 'credential-list/shape';
  requireFewValues(bytes, FEW + bytes.length / SMALLEST, code);
  const file = readMembers(parseCanonical(bytes), ['definitionHash', 'district', 'keys', 'reserve', 'type'], code);
  require(file.type === TYPE, code, `not a file of type ${TYPE}`);
  const list = {
    definitionHash: encodeHex(decodeHex(file.definitionHash, 32)),
    district: readIndex(file.district, code),
    keys: readKeys(file.keys),
    reserve: readKeys(file.reserve),
  };
  return check(list);
}

/** Roots and counts of a list: what the act `credentials` seals of this district (SPEC §12.1). */
export function sealCredentialList({ district, keys, reserve }: CredentialList): SealedCredentials {
  return {
    root: merkleRoot(CREDENTIAL_TREE, credentialLeaves(district, keys)),
    count: BigInt(keys.length),
    reserveRoot: merkleRoot(CREDENTIAL_TREE, credentialLeaves(district, reserve)),
    reserveCount: BigInt(reserve.length),
  };
}

/** The leaves `H("credential-leaf", district, key)` in file order. */
export function* credentialLeaves(district: number, keys: Iterable<Hex>): Generator<bigint> {
  for (const key of keys) yield hashWords('credential-leaf', [BigInt(district), BigInt(key)]);
}

function readKeys(value: unknown): Hex[] {
  require(Array.isArray(value), 'credential-list/shape', 'keys must be a list');
  return value.map((key) => encodeHex(decodeHex(key, 32)));
}

function check(list: CredentialList): CredentialList {
  for (const keys of [list.keys, list.reserve]) {
    keys.forEach((key, i) => {
      const previous = keys[i - 1];
      require(previous !== key, 'credential-list/duplicate', `key ${i} is listed twice`);
      require(previous === undefined || previous < key, 'credential-list/order', `key ${i} is out of order`);
    });
  }
  const primary = new Set(list.keys);
  require(!list.reserve.some((key) =>
    primary.has(key),
  ), 'credential-list/duplicate', 'a key is listed as reserve, too');
  return list;
}
