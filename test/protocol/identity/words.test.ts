import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { encodeHex } from '../../../protocol/encoding.ts';
import { UrnaError } from '../../../protocol/errors.ts';
import { decodeWords, encodeWords } from '../../../protocol/identity/words.ts';

interface Vector {
  readonly privateKey: string;
  readonly words: string;
}
const { identities } = JSON.parse(readFileSync('test/vectors/semaphore.json', 'utf8')) as {
  readonly identities: readonly Vector[];
};
const secret = fc.uint8Array({ minLength: 32, maxLength: 32 });
const refusal = (text: string): UrnaError => {
  try {
    decodeWords(text);
  } catch (error) {
    if (error instanceof UrnaError) return error;
    throw error;
  }
  throw new Error('accepted');
};

describe('encodeWords', () => {
  it.each(identities)('writes the published words $#', ({ privateKey, words }) => {
    expect(encodeHex(decodeWords(words))).toBe(privateKey);
    expect(encodeWords(decodeWords(words))).toBe(words);
  });

  it('agrees with the vectors of BIP-39', () => {
    expect(encodeWords(new Uint8Array(32))).toBe(`${'abandon '.repeat(23)}art`);
    expect(encodeWords(new Uint8Array(32).fill(0xff))).toBe(`${'zoo '.repeat(23)}vote`);
    expect(encodeWords(new Uint8Array(32).fill(0x80))).toBe(
      'letter advice cage absurd amount doctor acoustic avoid letter advice cage absurd amount doctor acoustic avoid letter advice cage absurd amount doctor acoustic bless',
    );
  });

  it('refuses secrets of another length', () => {
    for (const length of [16, 31, 33]) {
      expect(() => encodeWords(new Uint8Array(length))).toThrow(expect.objectContaining({ code: 'identity/bytes' }));
    }
  });
});

describe('decodeWords', () => {
  it('inverts encodeWords, whatever the letter case and white space', () => {
    fc.assert(
      fc.property(secret, (bytes) => {
        const words = encodeWords(bytes);
        expect(words.split(' ')).toHaveLength(24);
        expect(encodeHex(decodeWords(words))).toBe(encodeHex(bytes));
        expect(encodeHex(decodeWords(`\n ${words.toUpperCase().replaceAll(' ', '  \t')}\r\n`))).toBe(encodeHex(bytes));
      }),
      { numRuns: 50 },
    );
  });

  it('names how many words there are', () => {
    const words = encodeWords(new Uint8Array(32).fill(9));
    expect(refusal(words.split(' ').slice(1).join(' '))).toMatchObject({
      code: 'identity/words-count',
      message: expect.stringContaining('23'),
    });
    expect(refusal(`${words} art`).code).toBe('identity/words-count');
    expect(refusal('').code).toBe('identity/words-count');
  });

  it('names the positions of unknown words and never a word', () => {
    const words = encodeWords(new Uint8Array(32).fill(9)).split(' ');
    words[2] = 'secretword';
    words[19] = 'sécret';
    const { code, message } = refusal(words.join(' '));
    expect(code).toBe('identity/words-unknown');
    expect(message).toContain('3, 20');
    for (const word of words) expect(message.split(/\W+/)).not.toContain(word);
  });

  it('notices a wrong or swapped word by the checksum, but for one in 256', () => {
    const random = fc.sample(fc.tuple(secret, fc.nat(23), fc.nat(2047)), { numRuns: 1000, seed: 7 });
    let missed = 0;
    for (const [bytes, place, index] of random) {
      const words = encodeWords(bytes).split(' ');
      if (words[place] === wordlist[index]) continue;
      words[place] = wordlist[index]!;
      try {
        expect(encodeHex(decodeWords(words.join(' ')))).not.toBe(encodeHex(bytes));
        missed += 1;
      } catch (error) {
        expect(error).toMatchObject({ code: 'identity/words-checksum' });
      }
    }
    expect(missed).toBeLessThan(16); // 3.9 expected
  });
});
