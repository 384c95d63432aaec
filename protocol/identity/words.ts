import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { UrnaError, require } from '../errors.ts';

const COUNT = 24;
const known: ReadonlySet<string> = new Set(wordlist);

/**
 * The backup of 32 secret bytes: 24 English words with an 8-bit checksum (BIP-39; the one importer of `@scure/bip39`).
 *
 * @throws `identity/bytes`
 */
export function encodeWords(secret: Uint8Array): string {
  require(secret.length === 32, 'identity/bytes', 'backup words hold exactly 32 bytes');
  return entropyToMnemonic(secret, wordlist);
}

/**
 * The 32 bytes of 24 words. White space and letter case do not matter; everything else does. Messages name positions,
 * never words.
 *
 * @throws `identity/words-count`, `identity/words-unknown`, `identity/words-checksum`
 */
export function decodeWords(text: string): Uint8Array {
  const words = splitWords(text);
  require(words.length === COUNT, 'identity/words-count', `expected ${COUNT} words, got ${words.length}`);
  const wrong = unknownWords(text);
  require(wrong.length === 0, 'identity/words-unknown', `not a word of the list, at position ${wrong.join(', ')}`);
  try {
    return mnemonicToEntropy(words.join(' '), wordlist);
  } catch {
    throw new UrnaError('identity/words-checksum', 'the words do not fit together: one is wrong or out of order');
  }
}

/** Positions, from 1, of what is not a word of the list. */
export function unknownWords(text: string): readonly number[] {
  return splitWords(text).flatMap((word, i) => (known.has(word) ? [] : [i + 1]));
}

/** The words of a text that a person typed: white space and letter case do not matter. */
export function splitWords(text: string): readonly string[] {
  return text.normalize('NFKD').toLowerCase().split(/\s+/u).filter(Boolean);
}
