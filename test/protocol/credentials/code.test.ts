import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encodeHex } from '../../../protocol/encoding.ts';
import { UrnaError } from '../../../protocol/errors.ts';
import { decodeCode, encodeCode } from '../../../protocol/credentials/code.ts';
import { deriveCredential, deriveCredentialAsync } from '../../../protocol/credentials/credential.ts';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
interface Vector {
  readonly entropy: string;
  readonly code: string;
  readonly definitionHash: string;
  readonly seed: string;
  readonly publicKey: string;
}
const { codes } = JSON.parse(readFileSync('test/vectors/credentials.json', 'utf8')) as {
  readonly codes: readonly Vector[];
};
const bytesOf = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.slice(2), 'hex'));
const entropy = fc.uint8Array({ minLength: 10, maxLength: 10 });
const code = (expected: string): unknown => expect.objectContaining({ code: expected });

describe('encodeCode', () => {
  it.each(codes)('prints the published code $code', (vector) => {
    expect(encodeCode(bytesOf(vector.entropy))).toBe(vector.code);
    expect(encodeHex(decodeCode(vector.code))).toBe(vector.entropy);
  });

  it('prints five groups of four, without I, L, O and U', () => {
    fc.assert(
      fc.property(entropy, (bytes) =>
        expect(encodeCode(bytes)).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){4}[0-9A-HJKMNP-TV-Z]{4}$/),
      ),
    );
  });

  it('refuses other lengths', () => {
    for (const length of [0, 9, 11]) expect(() => encodeCode(new Uint8Array(length))).toThrow(code('credential/bytes'));
  });
});

describe('decodeCode', () => {
  it('inverts encodeCode, whatever the case, spaces, dashes and O for 0, I and l for 1', () => {
    fc.assert(
      fc.property(entropy, (bytes) => {
        const printed = encodeCode(bytes);
        const sloppy = ` ${printed.toLowerCase().replaceAll('-', ' – ').replaceAll('0', 'o').replace('1', 'l').replaceAll('1', 'I')}\n`;
        expect(encodeHex(decodeCode(printed))).toBe(encodeHex(bytes));
        expect(encodeHex(decodeCode(sloppy))).toBe(encodeHex(bytes));
        expect(encodeHex(decodeCode(printed.replaceAll('-', '')))).toBe(encodeHex(bytes));
      }),
    );
  });

  it('notices any one to four wrong characters', () => {
    const changes = fc.uniqueArray(fc.nat(19), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(
        entropy,
        changes,
        fc.array(fc.integer({ min: 1, max: 31 }), { minLength: 4, maxLength: 4 }),
        (bytes, places, shifts) => {
          const symbols = [...encodeCode(bytes).replaceAll('-', '')];
          places.forEach((place, i) => {
            symbols[place] = ALPHABET[(ALPHABET.indexOf(symbols[place]!) + shifts[i]!) % 32]!;
          });
          expect(() => decodeCode(symbols.join(''))).toThrow(code('credential/checksum'));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('notices every swap of two different characters', () => {
    const symbols = [...encodeCode(bytesOf('0x00443214c74254b635cf')).replaceAll('-', '')];
    for (let i = 0; i < 20; i++) {
      for (let j = i + 1; j < 20; j++) {
        if (symbols[i] === symbols[j]) continue;
        const swapped = [...symbols];
        [swapped[i], swapped[j]] = [symbols[j]!, symbols[i]!];
        expect(() => decodeCode(swapped.join(''))).toThrow(code('credential/checksum'));
      }
    }
  });

  it('names the group of a single wrong character', () => {
    const symbols = [...encodeCode(bytesOf('0x00443214c74254b635cf')).replaceAll('-', '')];
    for (let place = 0; place < 20; place++) {
      const wrong = [...symbols];
      wrong[place] = ALPHABET[(ALPHABET.indexOf(wrong[place]!) + 5) % 32]!;
      expect(() => decodeCode(wrong.join(''))).toThrow(`in group ${Math.floor(place / 4) + 1}`);
    }
  });

  it('refuses other lengths and characters, naming the place only', () => {
    const printed = encodeCode(new Uint8Array(10).fill(0x5a));
    for (const bad of ['', printed.slice(1), `${printed}0`, '0'.repeat(1e6)]) {
      expect(() => decodeCode(bad)).toThrow(code('credential/length'));
    }
    for (const character of ['U', '?', '_', 'Ж', '=']) {
      const wrong = `${printed.slice(0, 6)}${character}${printed.slice(7)}`;
      const attempt = (): unknown => decodeCode(wrong);
      expect(attempt).toThrow(code('credential/character'));
      expect(attempt).toThrow(new UrnaError('credential/character', 'character 6 cannot occur in a code'));
    }
  });
});

describe('deriveCredential', () => {
  it('makes the published keys', () => {
    const vector = codes[0]!;
    const { seed, publicKey } = deriveCredential(vector.code.toLowerCase(), bytesOf(vector.definitionHash));
    expect([encodeHex(seed), encodeHex(publicKey)]).toEqual([vector.seed, vector.publicKey]);
  });

  it('makes the same key asynchronously, and another for another election or code', async () => {
    const [first, second] = [codes[0]!, codes[1]!];
    const same = await deriveCredentialAsync(second.code, bytesOf(second.definitionHash));
    expect(encodeHex(same.publicKey)).toBe(second.publicKey);
    const elsewhere = deriveCredential(first.code, bytesOf(second.definitionHash));
    expect(encodeHex(elsewhere.publicKey)).not.toBe(first.publicKey);
    expect(second.publicKey).not.toBe(first.publicKey);
  });

  it('needs the whole definition hash', () => {
    expect(() => deriveCredential(codes[0]!.code, new Uint8Array(31))).toThrow(code('credential/election'));
  });
});
