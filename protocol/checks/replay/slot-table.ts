import { decodeNumber, encodeWord } from '../../encoding.ts';

const WORD = 32;
const ROW = 2 * WORD;
/** Rows in use at most: beyond it, searches get long. */
const MAX_LOAD = 0.75;

/**
 * Slot words by nullifier, as bytes: a district of a million voters takes a hundred megabytes here, several times that as a Map of
 * bigints. Open addressing, rows are never taken out.
 */
export class SlotTable {
  #rows: Uint8Array;
  #used: Uint8Array;
  #size = 0;

  /** @param capacity - rows to begin with, a power of two */
  constructor(capacity = 64) {
    this.#rows = new Uint8Array(capacity * ROW);
    this.#used = new Uint8Array(capacity);
  }

  get size(): number {
    return this.#size;
  }

  /** The word of a slot, undefined while it is empty. @throws `encoding/word` */
  get(nullifier: bigint): bigint | undefined {
    const row = this.#find(encodeWord(nullifier));
    return this.#used[row] === 1 ? decodeNumber(this.#rows.subarray(row * ROW + WORD, (row + 1) * ROW)) : undefined;
  }

  /** @throws `encoding/word` */
  set(nullifier: bigint, word: bigint): void {
    const key = encodeWord(nullifier);
    let row = this.#find(key);
    if (this.#used[row] === 0) {
      if (this.#size + 1 > MAX_LOAD * this.#used.length) {
        this.#grow();
        row = this.#find(key);
      }
      this.#size += 1;
    }
    this.#put(row, key, encodeWord(word));
  }

  #put(row: number, key: Uint8Array, word: Uint8Array): void {
    this.#rows.set(key, row * ROW);
    this.#rows.set(word, row * ROW + WORD);
    this.#used[row] = 1;
  }

  /** The row of a key, or the free one that it would take. */
  #find(key: Uint8Array): number {
    const mask = this.#used.length - 1;
    let row = spread(key) & mask;
    while (this.#used[row] === 1 && !this.#holds(row, key)) row = (row + 1) & mask;
    return row;
  }

  #holds(row: number, key: Uint8Array): boolean {
    const start = row * ROW;
    for (let i = 0; i < WORD; i++) if (this.#rows[start + i] !== key[i]) return false;
    return true;
  }

  #grow(): void {
    const [rows, used] = [this.#rows, this.#used];
    this.#rows = new Uint8Array(2 * rows.length);
    this.#used = new Uint8Array(2 * used.length);
    for (let row = 0; row < used.length; row++) {
      if (used[row] === 0) continue;
      const key = rows.subarray(row * ROW, row * ROW + WORD);
      this.#put(this.#find(key), key, rows.subarray(row * ROW + WORD, (row + 1) * ROW));
    }
  }
}

/** FNV-1a over the key: nullifiers are hashes already, those of a forged record need not be. */
function spread(key: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of key) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}
