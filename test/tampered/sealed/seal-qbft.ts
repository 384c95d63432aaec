import { addressOfKey, signDigest } from '../../../protocol/acts/signature.ts';
import { concatBytes, decodeHex, decodeNumber, encodeText, encodeWord } from '../../../protocol/encoding.ts';
import { at } from '../../../protocol/errors.ts';
import { keccak256 } from '../../../protocol/hash.ts';
import type { Rlp } from '../../../protocol/seals/rlp.ts';
import { encodeRlp, numberBytes } from '../../../protocol/seals/rlp.ts';
import { FIELD, fieldsOf } from './reseal.ts';

/** Root of a trie that holds nothing: there are no withdrawals. */
const EMPTY_ROOT = keccak256(Uint8Array.of(0x80));
const MIX_HASH = decodeHex('0x63746963616c2062797a616e74696e65206661756c7420746f6c6572616e6365', 32);
export const MIX = 13;
const BASE_FEE = 15;
/** Of secp256k1 (SEC 2). */
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const ZERO = new Uint8Array();

/** Keys of so many validators that only exist in tests, by increasing address. */
export function qbftKeys(count: number): Uint8Array[] {
  const keys = Array.from({ length: count }, (_, i) => keccak256(encodeText(`QBFT validator ${i}`)));
  return keys
    .map((key) => ({ key, address: addressOfKey(key) }))
    .sort((a, b) => (a.address < b.address ? -1 : 1))
    .map(({ key }) => key);
}

/** Validators' addresses as bytes. */
export function addressesOf(keys: readonly Uint8Array[]): Uint8Array[] {
  return keys.map((key) => decodeHex(addressOfKey(key), 20));
}

/**
 * The header of another chain's block as Besu would have written it by Cancun's rules without a base fee, with nothing changed of what the block did:
 * the members that Shanghai and Cancun have added are those of a block without withdrawals, blobs and beacon.
 */
export function toQbft(header: Uint8Array): Rlp[] {
  const fields = fieldsOf(header);
  fields[FIELD.difficulty] = Uint8Array.of(1);
  fields[MIX] = MIX_HASH;
  fields[FIELD.nonce] = new Uint8Array(8);
  fields[BASE_FEE] = ZERO;
  return [...fields, EMPTY_ROOT, ZERO, ZERO, new Uint8Array(32)];
}

/** What a forger makes of a block's seals. */
export interface QbftSeals {
  /** Numbers of the validators that seal; -1 for a stranger. */
  readonly sealers: readonly number[];
  readonly round?: number;
  /** Of which round the seals are; else of the header's. */
  readonly signedRound?: number;
  /** Changes the header before it is sealed. */
  readonly change?: (fields: Rlp[]) => unknown;
  /** Changes vanity, validators, vote and round before they are sealed. */
  readonly extra?: (extra: Rlp[]) => unknown;
  /** Changes the seals. */
  readonly seals?: (seals: Uint8Array[]) => Rlp;
}

/** A header sealed with keys: what QBFT's validators do (Besu's BftBlockHashing). @param keys - validators', in the definition's order */
export function sealQbft(
  header: readonly Rlp[],
  keys: readonly Uint8Array[],
  { sealers, round = 0, signedRound = round, change, extra, seals = (all) => all }: QbftSeals,
): Uint8Array {
  const fields = [...header];
  change?.(fields);
  const withSeals = (each: number, list: Rlp): Uint8Array => {
    const items: Rlp[] = [new Uint8Array(32), addressesOf(keys), [], numberBytes(BigInt(each)), list];
    extra?.(items);
    return encodeRlp(fields.map((field, i) => (i === FIELD.extra ? encodeRlp(items) : field)));
  };
  const digest = keccak256(withSeals(signedRound, []));
  const stranger = keccak256(Uint8Array.of(1));
  return withSeals(round, seals(sealers.map((sealer) => sealOf(digest, keys[sealer] ?? stranger))));
}

function sealOf(digest: Uint8Array, key: Uint8Array): Uint8Array {
  const signature = signDigest(digest, key);
  return concatBytes(signature.subarray(0, 64), Uint8Array.of(at([...signature], 64) - 27));
}

/** The other seal that the same key makes of the same header: s is the order less s, and the parity is the other one. */
export function otherSeal(seal: Uint8Array): Uint8Array {
  const s = encodeWord(ORDER - decodeNumber(seal.subarray(32, 64)));
  return concatBytes(seal.subarray(0, 32), s, Uint8Array.of(1 - at([...seal], 64)));
}
