import type { Hex } from '../encoding.ts';
import { concatBytes, decodeHex, decodeNumber, encodeWord } from '../encoding.ts';
import { keccak256 } from '../hash.ts';
import { decodeRlp, rlpBytes, rlpList, rlpNumber } from './rlp.ts';
import type { TrieNodes } from './trie.ts';
import { trieValue } from './trie.ts';

/** Where `Election` keeps the number of acts, and whether it was approved, cancelled, certified (SPEC §14.8). */
const ACTS = 11n;
/** Where `Ballots` keeps what it knows of polls. */
const POLLS = 2n;

/** A contract's storage in a state: the root of its trie; undefined where there is no such account. @throws `seals/rlp`, `seals/proof` */
export function storageRoot(nodes: TrieNodes, stateRoot: Uint8Array, address: Hex): Uint8Array | undefined {
  const account = trieValue(nodes, stateRoot, decodeHex(address, 20));
  return account === undefined ? undefined : rlpBytes(rlpList(decodeRlp(account), 4)[2], 32);
}

/** The word at a place of a storage; 0 where nothing was ever stored. @throws `seals/rlp`, `seals/proof` */
export function storedWord(nodes: TrieNodes, root: Uint8Array, place: bigint): bigint {
  const value = trieValue(nodes, root, encodeWord(place));
  return value === undefined ? 0n : rlpNumber(decodeRlp(value));
}

/** What `Election` knows of acts. */
export interface ActState {
  readonly acts: number;
  readonly approved: boolean;
  readonly cancelled: boolean;
  readonly certified: boolean;
}

/** The place of `Election`'s {@link actsWord}. */
export const ACTS_PLACE = ACTS;

/** The word in which `Election` keeps it. */
export function actsWord({ acts, approved, cancelled, certified }: ActState): bigint {
  const flags = [approved, cancelled, certified].map((flag, i) => (flag ? 1n << BigInt(64 + 8 * i) : 0n));
  return flags.reduce((word, flag) => word | flag, BigInt(acts));
}

/** What `Ballots` knows of a poll beside its sums. */
export interface PollState {
  readonly nonEmpty: number;
  readonly members: number;
  readonly boxes: number;
  readonly lanes: number;
}

/** The first word in which `Ballots` keeps a poll; 0 before the poll is ready. */
export function pollWord(poll: PollState | undefined): bigint {
  if (poll === undefined) return 0n;
  const { nonEmpty, members, boxes, lanes } = poll;
  return BigInt(nonEmpty) | (BigInt(members) << 32n) | (BigInt(boxes) << 64n) | (BigInt(lanes) << 80n) | (1n << 88n);
}

/** Places of a poll in the storage of `Ballots`: its first word, and the words of its sums. @param lanes - of its circuit */
export function pollPlaces(poll: number, lanes: number): { readonly word: bigint; readonly sums: readonly bigint[] } {
  const word = decodeNumber(keccak256(concatBytes(encodeWord(BigInt(poll)), encodeWord(POLLS))));
  const first = decodeNumber(keccak256(encodeWord((word + 3n) % 2n ** 256n)));
  const sums = Array.from({ length: 2 * (lanes + 1) }, (_, i) => (first + BigInt(i)) % 2n ** 256n);
  return { word, sums };
}
