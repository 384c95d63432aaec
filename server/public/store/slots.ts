import type { Hex } from '../../../protocol/encoding.ts';
import { concatBytes, decodeWord, encodeHex, encodeWord } from '../../../protocol/encoding.ts';
import { nextHead } from '../../../protocol/ballot/slot.ts';
import { ciphertextWords } from '../../../protocol/ballot/ciphertext.ts';
import { decodeUpdates } from '../../../protocol/checks/replay/update-words.ts';
import type { EntryOf } from '../../../protocol/record/entry.ts';

const WORD = 32;

/** A slot that is not empty, as JSON (SPEC §17.3). */
export interface ShownSlot {
  readonly slot: Hex;
  readonly head: Hex;
  /** Head before its last update: with the ciphertext it hashes to `head`. */
  readonly previousHead: Hex;
  /** Of its last update. */
  readonly round: number;
  /** Words R.x, R.y, C_0.x, C_0.y, … */
  readonly ciphertext: readonly Hex[];
}

/** A slot's new content. */
export interface SlotChange {
  readonly nullifier: bigint;
  /** Words as stored: nullifier, head, previous head, round, ciphertext. */
  readonly row: Uint8Array;
}

/** What a batch wrote, in order; skipped updates changed nothing. */
export function slotChanges(lanes: number, { data }: EntryOf<'updates'>): SlotChange[] {
  const skipped = decodeWord(data.skipped);
  return decodeUpdates(lanes, data.firsts, data.laters).flatMap(({ nullifier, previous, next }, index) => {
    if (((skipped >> BigInt(index)) & 1n) === 1n) return [];
    const before = previous === undefined ? 0n : nextHead(previous.head, previous.ciphertext);
    const words = [nullifier, nextHead(before, next), before, BigInt(data.round), ...ciphertextWords(next)];
    return [{ nullifier, row: concatBytes(...words.map(encodeWord)) }];
  });
}

/** A stored row for people and programs. */
export function showSlot(row: Uint8Array): ShownSlot {
  const word = (i: number): Hex => encodeHex(row.subarray(i * WORD, (i + 1) * WORD));
  const words = row.length / WORD;
  return {
    ...{ slot: word(0), head: word(1), previousHead: word(2), round: Number(decodeWord(word(3))) },
    ciphertext: Array.from({ length: words - 4 }, (_, i) => word(4 + i)),
  };
}
