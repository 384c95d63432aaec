import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { codeOf, textOf } from '../../../client/web/frame/error-texts.ts';
import { unknownCode } from '../../../client/web/worker/unknown-code.ts';
import { UrnaError } from '../../../protocol/errors.ts';
import { importsOf } from '../../architecture/imports.ts';

const ROOT = join(import.meta.dirname, '../../..');
const STARTS = [
  ...['home', 'voter', 'check', 'results', 'checked', 'observe'].map((page) => `client/web/${page}/main.tsx`),
  'client/web/worker/worker.ts',
];
/** Faults of the program itself: nothing that a person or a service gives leads there, and "not expected" is what they are. */
const FAULTS = /^(?:internal|rules|ballot|randomness|slot|field|scalar|point|roll|merkle|tally|encoding)\//u;
/** Named elsewhere: by a check of the verdict, as `public/…`, `receipt/…` or a returned ballot's code, or caught. */
const NAMED =
  /^(?:ceremony|checks|decryption|credential-list|network|updates?)\/|^registration\/(?:signature|reserve)$|^credential\/(?:election|bytes)$/u;

let isOnline = true;
const navigator = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
beforeAll(() => {
  Object.defineProperty(globalThis, 'navigator', { configurable: true, get: () => ({ onLine: isOnline }) });
});
afterAll(() => {
  if (navigator === undefined) Reflect.deleteProperty(globalThis, 'navigator');
  else Object.defineProperty(globalThis, 'navigator', navigator);
});

/** Every source that the pages and their workers are made of. */
function sources(): Set<string> {
  const known = new Set<string>(STARTS);
  for (const file of known)
    for (const { target, isPackage } of importsOf(ROOT, file))
      if (!isPackage && /\.tsx?$/u.test(target)) known.add(target);
  return known;
}

/** Codes that these sources throw, with the first source that does. */
function thrown(): Map<string, string> {
  const codes = new Map<string, string>();
  for (const file of sources()) {
    const text = readFileSync(join(ROOT, file), 'utf8');
    for (const [, code = ''] of text.matchAll(/(?:UrnaError\(|require\([^;]*?,)\s*'([a-z0-9-]+\/[a-z0-9-]+)'/gu))
      codes.set(code, codes.get(code) ?? file);
  }
  return codes;
}

/** Codes with which services answer a page that asks them; what boxes answer to a ballot stands beside the ballot. */
const ANSWERED = [
  ...['request/rate', 'busy/store', 'not-found/credential', 'not-found/tracker', 'not-found/results'],
  ...['challenge/credential', 'challenge/signature', 'challenge/limit', 'not-found/challenge'],
  ...['state/registration', 'state/roll', 'registration/sequence', 'registration/commitment', 'registration/revoked'],
];

describe('the texts of errors', () => {
  it('name every code that a page can meet; none is called unexpected that is not', () => {
    const codes = thrown();
    expect(codes.size).toBeGreaterThan(80);
    const unnamed = [...codes].filter(
      ([code]) => textOf(code) === 'unexpected' && !FAULTS.test(code) && !NAMED.test(code),
    );
    expect(unnamed.map(([code, file]) => `${code} of ${file}`)).toEqual([]);
    expect(ANSWERED.filter((code) => textOf(code) === 'unexpected')).toEqual([]);
  });

  it('are there in English', () => {
    const { errors } = JSON.parse(readFileSync(join(ROOT, 'client/web/locales/en.json'), 'utf8')) as {
      errors: Record<string, string>;
    };
    for (const code of [...thrown().keys(), ...ANSWERED])
      expect([code, typeof errors[textOf(code)]]).toEqual([code, 'string']);
  });

  it('say that the device is offline where it is, and that a service does not answer where it is not', () => {
    expect(textOf('server/unreachable')).toBe('unreachable');
    isOnline = false;
    expect(textOf('server/unreachable')).toBe('offline');
    expect(textOf('server/answer')).toBe('answer');
    isOnline = true;
  });

  it('tell a device without memory from what was not expected, in every browser’s words', () => {
    const memory = [
      new RangeError('Array buffer allocation failed'),
      new RangeError('WebAssembly.Memory(): could not allocate memory'),
      new Error('out of memory'),
      new RangeError('Invalid array length'),
    ];
    expect(memory.map((error) => textOf(codeOf(error)))).toEqual(memory.map(() => 'memory'));
    const others = [new RangeError('Maximum call stack size exceeded'), new TypeError('x is undefined'), 'a string'];
    expect(others.map(unknownCode)).toEqual(others.map(() => 'internal/unexpected'));
    expect(codeOf(new UrnaError('vault/storage', 'x'))).toBe('vault/storage');
  });
});
