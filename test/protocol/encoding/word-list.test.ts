import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeNumber, encodeWord } from '../../../protocol/encoding.ts';
import {
  WordList,
  compareWords,
  equalLists,
  indexOfWord,
  repeatedWords,
  sortedIndices,
  sortedWords,
} from '../../../protocol/word-list.ts';

// Few values, and some that differ in the first or the last byte only.
const word = fc.oneof(fc.bigInt(0n, 5n), fc.bigInt(0n, 2n ** 256n - 1n), fc.constant(2n ** 255n));
const numbers = fc.array(word, { maxLength: 150 });
const listOf = (values: readonly bigint[]): WordList => {
  const list = new WordList();
  for (const value of values) list.push(encodeWord(value));
  return list;
};
const valuesOf = (list: WordList): bigint[] => [...list].map(decodeNumber);
const ascending = (values: readonly bigint[]): bigint[] => [...values].sort((a, b) => (a < b ? -1 : Number(a > b)));

describe('WordList', () => {
  it('gives back what was put in, however long it grows', () => {
    fc.assert(fc.property(numbers, (values) => expect(valuesOf(listOf(values))).toEqual(values)));
  });

  it('takes words only, and has no index outside', () => {
    const list = listOf([1n]);
    expect(() => list.push(new Uint8Array(31))).toThrow(expect.objectContaining({ code: 'encoding/word' }));
    for (const index of [-1, 1]) expect(() => list.at(index)).toThrow(/no word/);
  });
});

describe('words in order', () => {
  it('are sorted as numbers, equal ones as they stood', () => {
    fc.assert(
      fc.property(numbers, (values) => {
        const order = [...sortedIndices(listOf(values))];
        const expected = values.map((_, i) => i).sort((i, j) => compareNumbers(values[i]!, values[j]!) || i - j);
        expect(order).toEqual(expected);
        expect(valuesOf(sortedWords(listOf(values)))).toEqual(ascending(values));
      }),
    );
  });

  it('are compared as numbers', () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(Math.sign(compareWords(encodeWord(a), encodeWord(b)))).toBe(compareNumbers(a, b));
      }),
    );
  });

  it('are found, in the whole list or in a part of it', () => {
    fc.assert(
      fc.property(numbers, word, fc.nat(20), (values, wanted, start) => {
        const distinct = ascending([...new Set(values)]);
        const list = listOf(distinct);
        expect(indexOfWord(list, encodeWord(wanted))).toBe(distinct.indexOf(wanted));
        const index = distinct.indexOf(wanted);
        const end = Math.max(start, distinct.length - 3);
        const inside = index >= start && index < end;
        expect(indexOfWord(list, encodeWord(wanted), start, Math.min(end, distinct.length))).toBe(inside ? index : -1);
      }),
    );
  });
});

describe('repeatedWords', () => {
  it('marks each that stands further up already', () => {
    fc.assert(
      fc.property(numbers, (values) => {
        const expected = values.map((value, i) => (values.indexOf(value) < i ? 1 : 0));
        expect([...repeatedWords(listOf(values))]).toEqual(expected);
      }),
    );
  });
});

describe('equalLists', () => {
  it('compares length, words and order', () => {
    expect(equalLists(listOf([1n, 2n]), listOf([1n, 2n]))).toBe(true);
    for (const other of [[1n], [2n, 1n], [1n, 2n, 3n], [1n, 3n], []]) {
      expect(equalLists(listOf([1n, 2n]), listOf(other))).toBe(false);
    }
  });
});

function compareNumbers(a: bigint, b: bigint): number {
  return a < b ? -1 : Number(a > b);
}
