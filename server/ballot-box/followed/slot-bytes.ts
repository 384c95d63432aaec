import type { Ciphertext } from '../../../protocol/ballot/ciphertext.ts';
import { ciphertextWords } from '../../../protocol/ballot/ciphertext.ts';
import { nextHead } from '../../../protocol/ballot/slot.ts';
import type { SlotState } from '../../../protocol/ballot/slot.ts';
import { decodeUpdates } from '../../../protocol/checks/replay/update-words.ts';
import { concatBytes, decodeNumber, decodeWord, encodeWord } from '../../../protocol/encoding.ts';
import { require } from '../../../protocol/errors.ts';
import type { Point } from '../../../protocol/math/curve.ts';
import type { Field } from '../../../protocol/math/field.ts';
import type { EntryOf } from '../../../protocol/record/entry.ts';

/** A slot that is not empty, as the confirmed chain has it. */
export interface FollowedSlot extends SlotState {
  /** What `head` was chained to (SPEC §11.3). */
  readonly previousHead: bigint;
  /** Round of its last update. */
  readonly round: number;
}

const WORD = 32;

/** head (32) ‖ previous head (32) ‖ round (1) ‖ ciphertext (64 a point): head first, where scripts look for it. */
export function packSlot({ head, previousHead, round, ciphertext }: FollowedSlot): Buffer {
  const words = [head, previousHead].map(encodeWord);
  return Buffer.from(concatBytes(...words, Uint8Array.of(round), ...ciphertextWords(ciphertext).map(encodeWord)));
}

/** Inverse of {@link packSlot}. @throws `internal/slot` for bytes that it cannot have made */
export function unpackSlot(bytes: Uint8Array): FollowedSlot {
  const points = (bytes.length - 2 * WORD - 1) / (2 * WORD);
  require(Number.isInteger(points) && points >= 2, 'internal/slot', 'a stored slot is damaged');
  const word = (start: number): bigint => decodeNumber(bytes.subarray(start, start + WORD));
  const point = (i: number): Point => {
    const start = 2 * WORD + 1 + 2 * WORD * i;
    return { x: word(start), y: word(start + WORD) };
  };
  const ciphertext = { R: point(0), C: Array.from({ length: points - 1 }, (_, lane) => point(lane + 1)) };
  return { head: word(0) as Field, previousHead: word(WORD), round: bytes[2 * WORD] ?? 0, ciphertext };
}

/** A slot and what an update made of it. */
export interface ChangedSlot {
  readonly poll: number;
  readonly nullifier: bigint;
  readonly slot: FollowedSlot;
}

/** The slots that a batch changed, in the order of its updates: those that the chain skipped changed nothing. */
export function changedSlots(data: EntryOf<'updates'>['data'], lanes: number): ChangedSlot[] {
  const skipped = decodeWord(data.skipped);
  return decodeUpdates(lanes, data.firsts, data.laters)
    .filter((_, k) => ((skipped >> BigInt(k)) & 1n) === 0n)
    .map(({ nullifier, previous, next }) => {
      const previousHead = previous === undefined ? 0n : headOf(previous);
      const slot = { head: nextHead(previousHead, next), previousHead, round: data.round, ciphertext: next };
      return { poll: data.poll, nullifier, slot };
    });
}

function headOf({ head, ciphertext }: { readonly head: bigint; readonly ciphertext: Ciphertext }): Field {
  return nextHead(head, ciphertext);
}
