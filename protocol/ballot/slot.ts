import type { Hex } from '../encoding.ts';
import { concatBytes, decodeHex, decodeNumber, encodeWord } from '../encoding.ts';
import { require } from '../errors.ts';
import { hashWords, keccak256 } from '../hash.ts';
import type { Field, Scalar } from '../math/field.ts';
import type { Poseidon } from '../math/poseidon.ts';
import type { Ciphertext } from './ciphertext.ts';
import { ciphertextWords } from './ciphertext.ts';

/** Which poll of which election on which chain. */
export interface PollId {
  readonly chainId: bigint;
  /** Address of the `Election` contract. */
  readonly election: Hex;
  /** Global index (SPEC §2). */
  readonly poll: number;
}

/** What a slot that is not empty holds. */
export interface SlotState {
  readonly head: Field;
  readonly ciphertext: Ciphertext;
}

function idWords({ chainId, election, poll }: PollId): bigint[] {
  return [chainId, decodeNumber(decodeHex(election, 20)), BigInt(poll)];
}

/** 248 bits, always below r. */
function truncate(hash: bigint): Field {
  return (hash >> 8n) as Field;
}

/** Scope of a poll (SPEC §2). */
export function pollScope(id: PollId): Field {
  return truncate(hashWords('scope', idWords(id)));
}

/** Nullifier of a secret in a poll, and the name of its slot: `Poseidon(scope, a)`. */
export function slotOf(poseidon: Poseidon, scope: Field, secret: Scalar): Field {
  return poseidon([scope, secret]);
}

/** Context base of a poll (SPEC §2), 256 bits: made once. */
export function contextBase(id: PollId): bigint {
  return hashWords('context', idWords(id));
}

/**
 * Context of an update: fits one state of one slot only (SPEC §2).
 *
 * @param head - of the slot before the update; 0 for an empty slot
 */
export function updateContext(base: bigint, slot: Field, head: bigint): Field {
  return truncate(decodeNumber(keccak256(concatBytes(...[base, slot, head].map(encodeWord)))));
}

/** Head of a slot after an update (SPEC §2). @param head - before it; 0 for an empty slot */
export function nextHead(head: bigint, next: Ciphertext): Field {
  return truncate(hashWords('head', [head, ...ciphertextWords(next)]));
}

/** The slot's stored word: head and round (SPEC §2). @param round - 0 … 254 @throws `slot/round` */
export function encodeSlotWord(head: Field, round: number): bigint {
  require(Number.isInteger(round) && round >= 0 && round < 255, 'slot/round', 'a round is a number from 0 to 254');
  return (head << 8n) | BigInt(round + 1);
}

/** Inverse of {@link encodeSlotWord}; undefined for an empty slot. @throws `slot/word` for a word no contract writes */
export function decodeSlotWord(word: bigint): { readonly head: Field; readonly round: number } | undefined {
  if (word === 0n) return undefined;
  const round = Number(word & 255n) - 1;
  require(word > 0n && word < 1n << 256n && round >= 0, 'slot/word', 'not the word of a slot');
  return { head: truncate(word), round };
}

/** Fingerprint of a ciphertext, 256 bits: what a voter compares before casting or challenging (SPEC §2, DESIGN §2.10). */
export function fingerprint(id: PollId, slot: Field, ciphertext: Ciphertext): bigint {
  return hashWords('fingerprint', [...idWords(id), slot, ...ciphertextWords(ciphertext)]);
}
