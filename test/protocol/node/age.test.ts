import { describe, expect, it } from '@jest/globals';
import { Decrypter, Encrypter } from 'age-encryption';
import {
  createAgeKey,
  openWithKey,
  openWithPassphrase,
  sealForKey,
  sealWithPassphrase,
} from '../../../protocol/node/age.ts';

const PASSPHRASE = 'correct horse battery';
const plain = new TextEncoder().encode('a secret');

async function code(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'none',
    (error: unknown) => (error as { code: string }).code,
  );
}

describe('passphrase files', () => {
  it('are age files that the package reads, with work factor 18', async () => {
    const file = await sealWithPassphrase(plain, PASSPHRASE);
    expect(new TextDecoder('latin1').decode(file)).toMatch(/^age-encryption\.org\/v1\n-> scrypt \S{22} 18\n/u);
    const decrypter = new Decrypter();
    decrypter.addPassphrase(PASSPHRASE);
    expect(await decrypter.decrypt(file)).toEqual(plain);
  });

  it('open what the package wrote, with any work factor up to 20', async () => {
    const encrypter = new Encrypter();
    encrypter.setScryptWorkFactor(12);
    encrypter.setPassphrase(PASSPHRASE);
    const file = await encrypter.encrypt(plain);
    expect(await openWithPassphrase(file, PASSPHRASE)).toEqual(plain);
    const text = new TextDecoder('latin1').decode(file);
    const heavy = Uint8Array.from(text.replace(/ 12\n/u, ' 30\n'), (char) => char.charCodeAt(0));
    expect(await code(openWithPassphrase(heavy, PASSPHRASE))).toBe('secret/age');
  });

  it('refuse another passphrase, any flipped bit of header and body, and cut files', async () => {
    const encrypter = new Encrypter();
    encrypter.setScryptWorkFactor(4);
    encrypter.setPassphrase(PASSPHRASE);
    const file = await encrypter.encrypt(plain);
    expect(await code(openWithPassphrase(file, 'correct horse batterz'))).toBe('secret/age');
    for (let i = 0; i < file.length; i += 3) {
      const flipped = file.map((byte, k) => (k === i ? byte ^ 1 : byte));
      expect(await code(openWithPassphrase(flipped, PASSPHRASE))).toBe('secret/age');
    }
    expect(await code(openWithPassphrase(file.slice(0, -1), PASSPHRASE))).toBe('secret/age');
    expect(await code(openWithPassphrase(new Uint8Array(), PASSPHRASE))).toBe('secret/age');
  });

  it('need twelve characters', async () => {
    expect(await code(sealWithPassphrase(plain, 'eleven chars'.slice(0, 11)))).toBe('secret/passphrase');
  });
});

describe('files for a key', () => {
  it('open with that key only', async () => {
    const [own, other] = [await createAgeKey(), await createAgeKey()];
    const file = await sealForKey(plain, own.secret);
    expect(await openWithKey(file, own.secret)).toEqual(plain);
    expect(await code(openWithKey(file, other.secret))).toBe('secret/age');
  });
});
