import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  concatBytes,
  decodeHex,
  decodeNumber,
  decodeWord,
  encodeHex,
  encodeWord,
  equalBytes,
  wordHex,
} from '../../../protocol/encoding.ts';

const code = (expected: string): unknown => expect.objectContaining({ code: expected });
const word = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n });

describe('decodeHex', () => {
  it('inverts encodeHex', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => expect(decodeHex(encodeHex(bytes))).toEqual(Uint8Array.from(bytes))),
    );
    expect(encodeHex(Uint8Array.of(0, 171, 255))).toBe('0x00abff');
  });

  it('refuses other spellings', () => {
    for (const bad of ['', 'ab', '0xAB', '0Xab', '0xa', '0x ab', '0xab\n', '0xgg', 5, null, undefined, ['0xab']]) {
      expect(() => decodeHex(bad)).toThrow(code('encoding/hex'));
    }
  });

  it('refuses another length', () => {
    expect(() => decodeHex('0xabcd', 1)).toThrow(code('encoding/hex'));
    expect(() => decodeHex('0x', 1)).toThrow(code('encoding/hex'));
    expect(decodeHex('0xabcd', 2)).toEqual(Uint8Array.of(171, 205));
  });
});

describe('encodeWord', () => {
  it('is 32 bytes, big-endian, and inverted by decodeNumber', () => {
    fc.assert(
      fc.property(word, (value) => {
        expect(encodeWord(value)).toHaveLength(32);
        expect(decodeNumber(encodeWord(value))).toBe(value);
        expect(decodeWord(wordHex(value))).toBe(value);
      }),
    );
    expect(encodeWord(258n).slice(30)).toEqual(Uint8Array.of(1, 2));
    expect(decodeNumber(new Uint8Array())).toBe(0n);
  });

  it('refuses what does not fit', () => {
    for (const bad of [-1n, 2n ** 256n]) expect(() => encodeWord(bad)).toThrow(code('encoding/word'));
  });

  it('decodes words of exactly 32 bytes', () => {
    for (const bad of ['0x01', `0x${'00'.repeat(33)}`, 1n]) expect(() => decodeWord(bad)).toThrow(code('encoding/hex'));
  });
});

describe('concatBytes', () => {
  it('keeps order and length', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array()), (parts) => {
        expect([...concatBytes(...parts)]).toEqual(parts.flatMap((part) => [...part]));
      }),
    );
  });
});

describe('equalBytes', () => {
  it('is true for equal arrays only', () => {
    expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true);
    expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false);
    expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2, 0))).toBe(false);
  });
});
