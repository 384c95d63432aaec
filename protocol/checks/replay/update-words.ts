import type { Hex } from '../../encoding.ts';
import { decodeHex, decodeNumber } from '../../encoding.ts';
import { at, require } from '../../errors.ts';
import type { Ciphertext } from '../../ballot/ciphertext.ts';
import type { Point } from '../../math/curve.ts';
import { r } from '../../math/field.ts';

/** An update as its transaction sent it (SPEC §11). */
export interface SentUpdate {
  readonly nullifier: bigint;
  /** What the slot held before, or undefined for a slot said to be empty. */
  readonly previous: { readonly head: bigint; readonly ciphertext: Ciphertext } | undefined;
  readonly next: Ciphertext;
  /** Eight words in the precompile's order, as sent. */
  readonly proof: readonly bigint[];
}

const PROOF_WORDS = 8;

/**
 * The updates in the calldata of one transaction, firsts before laters (SPEC §11).
 *
 * @throws `updates/length` if a list is not a whole number of updates, `updates/signal` for a word ≥ r
 */
export function decodeUpdates(lanes: number, firsts: Hex, laters: Hex): SentUpdate[] {
  const point = 2 * (lanes + 1);
  const first = (words: readonly bigint[]): SentUpdate => ({
    nullifier: at(words, 0),
    previous: undefined,
    next: ciphertext(words, 1, lanes),
    proof: words.slice(1 + point),
  });
  const later = (words: readonly bigint[]): SentUpdate => ({
    nullifier: at(words, 0),
    previous: { head: at(words, 1), ciphertext: ciphertext(words, 2, lanes) },
    next: ciphertext(words, 2 + point, lanes),
    proof: words.slice(2 + 2 * point),
  });
  return [...chunks(firsts, 1 + point, 'firsts').map(first), ...chunks(laters, 2 + 2 * point, 'laters').map(later)];
}

/**
 * The nullifiers of the updates in the calldata of one transaction, in the order of {@link decodeUpdates}, without decoding the rest: for
 * whoever looks for a few slots in millions. What is no whole update at the end of a list is left out.
 */
export function* sentNullifiers(lanes: number, firsts: Hex, laters: Hex): Generator<bigint> {
  const point = 2 * (lanes + 1);
  for (const [hex, signals] of [[firsts, 1 + point] as const, [laters, 2 + 2 * point] as const]) {
    const stride = 64 * (signals + PROOF_WORDS);
    for (let start = 2; start + stride <= hex.length; start += stride)
      yield BigInt(`0x${hex.slice(start, start + 64)}`);
  }
}

/** How many updates there are in the calldata of one transaction, without decoding them. What is no whole update is left out. */
export function countUpdates(lanes: number, firsts: Hex, laters: Hex): { firsts: number; laters: number } {
  const point = 2 * (lanes + 1);
  const whole = (hex: Hex, signals: number): number => Math.floor((hex.length - 2) / (64 * (signals + PROOF_WORDS)));
  return { firsts: whole(firsts, 1 + point), laters: whole(laters, 2 + 2 * point) };
}

function ciphertext(words: readonly bigint[], start: number, lanes: number): Ciphertext {
  const point = (i: number): Point => ({ x: at(words, start + 2 * i), y: at(words, start + 2 * i + 1) });
  return { R: point(0), C: Array.from({ length: lanes }, (_, lane) => point(lane + 1)) };
}

/** Words of each update: `signals` words below r, then a proof. */
function chunks(hex: Hex, signals: number, name: string): bigint[][] {
  const bytes = decodeHex(hex);
  const stride = 32 * (signals + PROOF_WORDS);
  require(bytes.length % stride === 0, 'updates/length', `${name} are not a whole number of updates`);
  return Array.from({ length: bytes.length / stride }, (_, i) => {
    const words = Array.from({ length: stride / 32 }, (__, j) =>
      decodeNumber(bytes.subarray(i * stride + 32 * j, i * stride + 32 * j + 32)),
    );
    // The previous head is no signal: it may be any word, a wrong one fits no slot.
    const below = words.slice(0, signals).every((word, j) => word < r || (name === 'laters' && j === 1));
    require(below, 'updates/signal', `a word of update ${i} of ${name} is not below the field order`);
    return words;
  });
}
