import { require } from './errors.ts';

const WORD = 32;

/** A growing list of 32-byte words, held as bytes: a record has millions of lines, a city more than a million credentials. */
export class WordList {
  #bytes = new Uint8Array(WORD * 64);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(word: Uint8Array): void {
    require(word.length === WORD, 'encoding/word', `a word has ${WORD} bytes, this one ${word.length}`);
    const start = this.#length * WORD;
    if (start === this.#bytes.length) {
      const grown = new Uint8Array(2 * start);
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    this.#bytes.set(word, start);
    this.#length += 1;
  }

  /** The word at `index`, a view. @throws `internal/index` */
  at(index: number): Uint8Array {
    require(index >= 0 && index < this.#length, 'internal/index', `no word ${index} in a list of ${this.#length}`);
    return this.#bytes.subarray(index * WORD, (index + 1) * WORD);
  }

  /** Order of two of its words as numbers: negative, 0, positive. */
  compare(i: number, j: number): number {
    const [a, b] = [i * WORD, j * WORD];
    for (let k = 0; k < WORD; k++) {
      const difference = (this.#bytes[a + k] ?? 0) - (this.#bytes[b + k] ?? 0);
      if (difference !== 0) return difference;
    }
    return 0;
  }

  /** Its words in their order. */
  *[Symbol.iterator](): Generator<Uint8Array> {
    for (let i = 0; i < this.#length; i++) yield this.at(i);
  }
}

/** Order of two words as big-endian numbers: negative, 0, positive. */
export function compareWords(a: Uint8Array, b: Uint8Array): number {
  for (let k = 0; k < WORD; k++) {
    const difference = (a[k] ?? 0) - (b[k] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Index of a word in an ascending part of a list, or -1. @param start, end - the part, the whole list by default */
export function indexOfWord(list: WordList, word: Uint8Array, start = 0, end = list.length): number {
  let [low, high] = [start, end];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareWords(list.at(middle), word) < 0) low = middle + 1;
    else high = middle;
  }
  return low < end && compareWords(list.at(low), word) === 0 ? low : -1;
}

/** Indices of a list's words in ascending order of the words; equal ones in the order in which they stand. */
export function sortedIndices(list: WordList): Uint32Array {
  const indices = Uint32Array.from({ length: list.length }, (_, i) => i);
  return indices.sort((i, j) => list.compare(i, j) || i - j);
}

/** 1 for each word that stands further up in the list already, else 0. */
export function repeatedWords(list: WordList): Uint8Array {
  const repeated = new Uint8Array(list.length);
  const order = sortedIndices(list);
  order.forEach((index, i) => {
    const previous = order[i - 1];
    if (previous !== undefined && list.compare(previous, index) === 0) repeated[index] = 1;
  });
  return repeated;
}

/** A list with the same words, ascending. */
export function sortedWords(list: WordList): WordList {
  const sorted = new WordList();
  for (const index of sortedIndices(list)) sorted.push(list.at(index));
  return sorted;
}

/** True if two lists have the same words in the same order. */
export function equalLists(a: WordList, b: WordList): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (compareWords(a.at(i), b.at(i)) !== 0) return false;
  return true;
}
