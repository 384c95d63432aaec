import type { Hex } from '../encoding.ts';
import { concatBytes, decodeHex, decodeNumber, encodeWord } from '../encoding.ts';
import { keccak256 } from '../hash.ts';
import { decodeRlp, rlpBytes, rlpList, rlpNumber } from './rlp.ts';
import type { TrieNodes } from './trie.ts';
import { trieValue } from './trie.ts';

/** Where `Election` keeps the number of acts, and whether it was approved, cancelled, certified (SPEC §14.8). */
const ACTS = 11n;
/** Where it keeps the number of closing times; themselves, four a word, from the hash of that place on. */
const CLOSINGS = 12n;
const PER_WORD = 4;
/** Where `Ballots` keeps what it knows of polls. */
const POLLS = 2n;
/** Where it keeps the slots of a poll, by nullifier. */
const SLOTS = 3n;

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

/** What stands where in a contract's storage. */
export type Placed = readonly (readonly [place: bigint, word: bigint])[];

/**
 * What `Election` keeps of acts and times.
 *
 * @param closings - the definition's closing time, and that of every extension
 */
export function electionWords(state: ActState, closings: readonly number[]): Placed {
  const first = decodeNumber(keccak256(encodeWord(CLOSINGS)));
  const words = Array.from({ length: Math.ceil(closings.length / PER_WORD) }, (_, i) =>
    packed(closings.slice(PER_WORD * i, PER_WORD * (i + 1))),
  );
  return [
    [ACTS, actsWord(state)],
    [CLOSINGS, BigInt(closings.length)],
    ...words.map((word, i) => [placeAfter(first, i), word] as const),
  ];
}

/** Times as Solidity packs them: the first lowest, 64 bits each. */
function packed(times: readonly number[]): bigint {
  return times.reduce((word, time, i) => word | (BigInt(time) << BigInt(64 * i)), 0n);
}

function actsWord({ acts, approved, cancelled, certified }: ActState): bigint {
  const flags = [approved, cancelled, certified].map((flag, i) => (flag ? 1n << BigInt(64 + 8 * i) : 0n));
  return flags.reduce((word, flag) => word | flag, BigInt(acts));
}

function placeAfter(place: bigint, steps: number): bigint {
  return (place + BigInt(steps)) % 2n ** 256n;
}

/** What `Ballots` keeps of a poll that is ready. */
export interface PollState {
  readonly nonEmpty: number;
  readonly members: number;
  readonly boxes: number;
  readonly lanes: number;
  /** x and y of K_poll (SPEC §11.2). */
  readonly key: readonly bigint[];
  /** Words of R, C_0, …: x and y of each. */
  readonly sums: readonly bigint[];
}

/** What `Ballots` keeps of a poll; of one that is not ready, that it is not. */
export function pollWords(poll: number, state: PollState | undefined): Placed {
  const first = decodeNumber(keccak256(concatBytes(encodeWord(BigInt(poll)), encodeWord(POLLS))));
  if (state === undefined) return [[first, 0n]];
  const { nonEmpty, members, boxes, lanes, key, sums } = state;
  const fields = [BigInt(nonEmpty), BigInt(members) << 32n, BigInt(boxes) << 64n, BigInt(lanes) << 80n, 1n << 88n];
  const list = decodeNumber(keccak256(encodeWord(placeAfter(first, 3))));
  return [
    [first, fields.reduce((word, field) => word | field, 0n)],
    ...key.map((word, i) => [placeAfter(first, 1 + i), word] as const),
    ...sums.map((word, i) => [placeAfter(list, i), word] as const),
  ];
}

/** Where `Ballots` keeps the word of a slot (SPEC §2, §14.8). */
export function slotPlace(poll: number, nullifier: bigint): bigint {
  const slots = keccak256(concatBytes(encodeWord(BigInt(poll)), encodeWord(SLOTS)));
  return decodeNumber(keccak256(concatBytes(encodeWord(nullifier), slots)));
}
