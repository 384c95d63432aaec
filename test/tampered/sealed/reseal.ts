import { secp256k1 } from '@noble/curves/secp256k1.js';
import { signDigest } from '../../../protocol/acts/signature.ts';
import { concatBytes, decodeNumber, encodeWord } from '../../../protocol/encoding.ts';
import { at } from '../../../protocol/errors.ts';
import { keccak256 } from '../../../protocol/hash.ts';
import type { Rlp } from '../../../protocol/seals/rlp.ts';
import { decodeRlp, encodeRlp, numberBytes, rlpBytes, rlpList, rlpNumber } from '../../../protocol/seals/rlp.ts';

/** Places of fields in a header. */
export const FIELD = {
  parent: 0,
  coinbase: 2,
  stateRoot: 3,
  difficulty: 7,
  number: 8,
  gasUsed: 10,
  time: 11,
  extra: 12,
  nonce: 14,
};
const SEAL = 65;

/** A header's fields. */
export function fieldsOf(header: Uint8Array): Rlp[] {
  return [...rlpList(decodeRlp(header))];
}

/** A header with one field changed and its seal as it was. */
export function altered(header: Uint8Array, field: number, value: Uint8Array): Uint8Array {
  const fields = fieldsOf(header);
  fields[field] = value;
  return encodeRlp(fields);
}

/** A header with these fields, sealed with a key: what a Clique signer does (EIP-225). */
export function seal(fields: readonly Rlp[], key: Uint8Array): Uint8Array {
  const extra = rlpBytes(fields[FIELD.extra]);
  const open = extra.subarray(0, extra.length - SEAL);
  const withExtra = (bytes: Uint8Array): Rlp[] => fields.map((field, i) => (i === FIELD.extra ? bytes : field));
  const signature = signDigest(keccak256(encodeRlp(withExtra(open))), key);
  const last = Uint8Array.of(at([...signature.subarray(64)], 0) - 27);
  return encodeRlp(withExtra(concatBytes(open, signature.subarray(0, 64), last)));
}

/** The same header with the other signature that its sealer's key makes valid: the order less s, and the other parity. */
export function otherSeal(header: Uint8Array): Uint8Array {
  const fields = fieldsOf(header);
  const extra = Uint8Array.from(rlpBytes(fields[FIELD.extra]));
  const s = extra.subarray(-33, -1);
  s.set(encodeWord(secp256k1.Point.Fn.ORDER - decodeNumber(s)));
  extra[extra.length - 1] = 1 - at([...extra], extra.length - 1);
  fields[FIELD.extra] = extra;
  return encodeRlp(fields);
}

/** What a forger makes of a run. */
export interface Forged {
  /** Numbers of the validators that seal, one a header; -1 for the stranger. */
  readonly sealers: readonly number[];
  readonly change?: (fields: Rlp[], index: number) => unknown;
  /** After parent and difficulty were made to fit. */
  readonly spoil?: (fields: Rlp[], index: number) => unknown;
}

/** A run sealed anew: linked, each header with its sealer's difficulty. @param keys - validators', in the definition's order */
export function reseal(
  headers: readonly Uint8Array[],
  keys: readonly Uint8Array[],
  { sealers, change, spoil }: Forged,
): Uint8Array[] {
  const stranger = keccak256(Uint8Array.of(1));
  const run: Uint8Array[] = [];
  for (const [index, sealer] of sealers.entries()) {
    const fields = fieldsOf(headers[index] ?? at(headers, headers.length - 1));
    change?.(fields, index);
    const before = run.at(-1);
    if (before !== undefined) {
      fields[FIELD.parent] = keccak256(before);
      fields[FIELD.number] = numberBytes(rlpNumber(fieldsOf(before)[FIELD.number]) + 1n);
    }
    const inTurn = Number(rlpNumber(fields[FIELD.number])) % keys.length === sealer;
    fields[FIELD.difficulty] = Uint8Array.of(inTurn ? 2 : 1);
    spoil?.(fields, index);
    run.push(seal(fields, keys[sealer] ?? stranger));
  }
  return run;
}

/** Numbers of the validators whose turn a run's blocks are. */
export function turnsFrom(
  headers: readonly Uint8Array[],
  keys: readonly Uint8Array[],
  count = headers.length,
): number[] {
  const first = Number(rlpNumber(fieldsOf(at(headers, 0))[FIELD.number]));
  return Array.from({ length: count }, (_, i) => (first + i) % keys.length);
}
