import { concatBytes, decodeNumber, encodeWord } from '../../encoding.ts';
import { domainTag, sha256 } from '../../hash.ts';
import { r } from '../field.ts';
import type { VerifyingKey } from '../groth16-key.ts';
import type { PairingEngine } from './engine.ts';
import { writeElements } from './engine.ts';

/**
 * λ with λ·(x, y) = (β·x, y) on G1. A weight `low + λ·high` of two 64-bit halves is one of 2^128 values, as good as a
 * 128-bit number, and costs half the doublings.
 */
export const LAMBDA = 4407920970296243842393367215006156084916469457145843978461n;
export const BETA = 2203960485148121921418603742825762020974279258880205651966n;

/** The weight of one proof: `value = low + λ·high mod r`. */
export interface Weight {
  readonly low: bigint;
  readonly high: bigint;
  readonly value: bigint;
}

function keyWords({ alpha, beta, gamma, delta, ic }: VerifyingKey): bigint[] {
  const twist = [beta, gamma, delta].flatMap(({ x, y }) => [...x, ...y]);
  return [alpha.x, alpha.y, ...twist, ...ic.flatMap(({ x, y }) => [x, y])];
}

/** Hash of a key and the constants of its poll: where every seed starts. */
export function keyHash(key: VerifyingKey, constants: readonly bigint[]): Uint8Array {
  return sha256(concatBytes(domainTag('batch-key'), wordBytes([...keyWords(key), ...constants])));
}

/** Words below 2^256 as bytes, big-endian. */
function wordBytes(words: readonly bigint[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(words.length * 32));
  words.forEach((word, i) => {
    for (let limb = 0; limb < 4; limb++) {
      view.setBigUint64(i * 32 + 24 - limb * 8, BigInt.asUintN(64, word >> BigInt(64 * limb)));
    }
  });
  return new Uint8Array(view.buffer);
}

/** A statement in words: its public signals and its proof. */
export interface BatchItem {
  /** The update's signals: those after the poll's constants. */
  readonly signals: readonly bigint[];
  /** Eight words in the precompile's order. */
  readonly proof: readonly bigint[];
}

/** The seed hashes everything that the equation holds, so that nobody can fit a proof to its weight. */
export function batchWeights(hash: Uint8Array, items: readonly BatchItem[]): Weight[] {
  const digests = items.map(({ signals, proof }) => sha256(wordBytes([...signals, ...proof])));
  const seed = sha256(concatBytes(domainTag('batch'), hash, ...digests));
  return items.map((_, k) => {
    const word = decodeNumber(sha256(concatBytes(seed, encodeWord(BigInt(k)))));
    const [low, high] = [BigInt.asUintN(64, word), BigInt.asUintN(64, word >> 64n)];
    return { low, high, value: (low + LAMBDA * high) % r };
  });
}

/**
 * Writes `(low + λ·high)·A` in Jacobian coordinates to `result`.
 *
 * @param points - address of A, λA and (1 + λ)A, affine, as {@link writeMultiples} leaves them
 */
export function timesWeight({ wasm }: PairingEngine, points: number, { low, high }: Weight, result: number): void {
  wasm.g1m_zero(result);
  for (let shift = 48n; shift >= 0n; shift -= 16n) {
    const [a, b] = [Number(BigInt.asUintN(16, low >> shift)), Number(BigInt.asUintN(16, high >> shift))];
    for (let bit = 15; bit >= 0; bit--) {
      wasm.g1m_double(result, result);
      const digits = ((a >> bit) & 1) | (((b >> bit) & 1) << 1);
      if (digits !== 0) wasm.g1m_addMixed(result, points + (digits - 1) * 64, result);
    }
  }
}

/**
 * Writes λ·A = (β·x, y) and (1 + λ)·A = −λ²·A = (β²·x, −y) after the affine A at `points`.
 *
 * @param beta - address of β
 */
export function writeMultiples({ wasm }: PairingEngine, points: number, beta: number): void {
  const [first, second] = [points + 64, points + 128];
  wasm.f1m_mul(points, beta, first);
  wasm.f1m_copy(points + 32, first + 32);
  wasm.f1m_mul(first, beta, second);
  wasm.f1m_neg(points + 32, second + 32);
}

/** Writes β. */
export function writeBeta(engine: PairingEngine, address: number): void {
  writeElements(engine, address, [BETA]);
}
