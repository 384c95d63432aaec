import { at, require } from '../../protocol/errors.ts';
import type { Ciphertext } from '../../protocol/ballot/ciphertext.ts';
import { ciphertextWords } from '../../protocol/ballot/ciphertext.ts';
import type { Update } from '../../protocol/ballot/statement.ts';

/** An update with its proof (eight words). */
export interface PostedUpdate {
  readonly update: Pick<Update, 'nullifier' | 'fresh' | 'old' | 'next'>;
  /** The head that `old` was chained to, so that both hash to the slot's head of now; 0 where `old` was the slot's first. Unused for a first cast. */
  readonly previousHead: bigint;
  readonly proof: readonly bigint[];
}

/** Arguments of `Ballots.update` after the poll: flat words of first casts and of later updates (SPEC §11.3). */
export interface BatchArguments {
  readonly firsts: readonly bigint[];
  readonly laters: readonly bigint[];
}

/** What calldata says of one entry. A first cast has no previous head and no old ciphertext. */
export interface BatchEntry {
  readonly nullifier: bigint;
  readonly previousHead: bigint | undefined;
  readonly old: Ciphertext | undefined;
  readonly next: Ciphertext;
  readonly proof: readonly bigint[];
}

/** Most entries in a batch. */
export const BATCH_LIMIT = 200;

/** Words of a first cast. */
export function firstStride(lanes: number): number {
  return 11 + 2 * lanes;
}

/** Words of a later update. */
export function laterStride(lanes: number): number {
  return 14 + 4 * lanes;
}

/** Bytes of updates in one transaction: below the 128 KB of a node's pool, with room for what is around them. */
const TRANSACTION_BYTES = 118_000;

/** Updates that are best sent in one transaction, whatever kind they are (SPEC §11.6): 100 for up to four lanes, 80 for eight. */
export function batchCapacity(lanes: number): number {
  return Math.min(100, Math.floor(TRANSACTION_BYTES / (32 * laterStride(lanes))));
}

function entryWords({ update, previousHead, proof }: PostedUpdate): bigint[] {
  require(proof.length === 8, 'proof/words', 'a proof has eight words');
  const before = update.fresh ? [] : [previousHead, ...ciphertextWords(update.old)];
  return [update.nullifier, ...before, ...ciphertextWords(update.next), ...proof];
}

/**
 * A batch's arguments: first casts and later updates, each in the order given. Entries of `UpdatesApplied.skipped` are numbered in that order,
 * first casts before the others.
 *
 * @throws `batch/size` unless there are 1 to 200
 */
export function encodeBatch(updates: readonly PostedUpdate[]): BatchArguments {
  require(updates.length > 0 && updates.length <= BATCH_LIMIT, 'batch/size', 'a batch has 1 to 200 updates');
  return {
    firsts: updates.filter(({ update }) => update.fresh).flatMap(entryWords),
    laters: updates.filter(({ update }) => !update.fresh).flatMap(entryWords),
  };
}

function readCiphertext(words: readonly bigint[], lanes: number): Ciphertext {
  const point = (i: number): { x: bigint; y: bigint } => ({ x: at(words, 2 * i), y: at(words, 2 * i + 1) });
  return { R: point(0), C: Array.from({ length: lanes }, (_, j) => point(j + 1)) };
}

function split(words: readonly bigint[], stride: number): bigint[][] {
  require(words.length % stride === 0, 'batch/words', `${words.length} words are no multiple of ${stride}`);
  return Array.from({ length: words.length / stride }, (_, i) => words.slice(i * stride, (i + 1) * stride));
}

/**
 * Inverse of {@link encodeBatch}, for calldata the contract has accepted: points are not checked. In the order of `UpdatesApplied.skipped`.
 *
 * @throws `batch/words` if a list's length is no multiple of its entries'
 */
export function decodeBatch({ firsts, laters }: BatchArguments, lanes: number): BatchEntry[] {
  const points = 2 + 2 * lanes;
  return [
    ...split(firsts, firstStride(lanes)).map((words) => ({
      nullifier: at(words, 0),
      previousHead: undefined,
      old: undefined,
      next: readCiphertext(words.slice(1), lanes),
      proof: words.slice(1 + points),
    })),
    ...split(laters, laterStride(lanes)).map((words) => ({
      nullifier: at(words, 0),
      previousHead: at(words, 1),
      old: readCiphertext(words.slice(2), lanes),
      next: readCiphertext(words.slice(2 + points), lanes),
      proof: words.slice(2 + 2 * points),
    })),
  ];
}
