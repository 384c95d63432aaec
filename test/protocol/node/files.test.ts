import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeUpdateFile, encodeUpdateFile, sentUpdate } from '../../../protocol/ballot/update-file.ts';
import type { UpdateFile } from '../../../protocol/ballot/update-file.ts';
import { decodeActFile, digestOfAct, encodeActFile, mergeActs } from '../../../client/cli/officer/act-file.ts';
import type { ActFile } from '../../../client/cli/officer/act-file.ts';
import {
  decodeDecryptionFile,
  encodeDecryptionFile,
  requireDecryptionSignatures,
  signDecryption,
} from '../../../client/cli/trustee/decryption-file.ts';
import {
  decodeStepFile,
  encodeStepFile,
  requireStepSignature,
  signStep,
} from '../../../client/cli/trustee/step-file.ts';
import { addressOfKey, signDigest } from '../../../protocol/acts/signature.ts';
import { encodeHex } from '../../../protocol/encoding.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { UrnaError } from '../../../protocol/errors.ts';

const key = (n: number): Uint8Array => new Uint8Array(32).fill(n);
const election: Hex = `0x${'9'.repeat(40)}`;
const domain = { chainId: 31337n, election };
const keys = [1, 2, 3].map((n) => addressOfKey(key(n)));

function code(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof UrnaError) return error.code;
    throw error;
  }
  return 'none';
}

/** Every flipped character gives a code of its own or another document; never the same one, never a crash. */
function expectStrict(text: string, decode: (text: string) => unknown, encode: (value: never) => string): void {
  expect(encode(decode(text) as never)).toBe(text);
  fc.assert(
    fc.property(fc.nat(text.length - 1), fc.constantFrom('0', 'f', '"', ',', '}', ' ', 'Z'), (at, char) => {
      const changed = text.slice(0, at) + char + text.slice(at + 1);
      fc.pre(changed !== text);
      try {
        expect(encode(decode(changed) as never)).not.toBe(text);
      } catch (error) {
        expect(error).toBeInstanceOf(UrnaError);
      }
    }),
  );
}

describe('step files', () => {
  const message = { kind: 'commit', attempt: 1, time: 0, trustee: 2, hash: 5n } as const;
  const text = encodeStepFile(signStep(domain, message, key(2)));

  it('are decoded strictly', () => {
    expectStrict(text, decodeStepFile, encodeStepFile as (value: never) => string);
    expect(code(() => decodeStepFile(text.replace('urna/v1/step', 'urna/v1/stop')))).toBe('step/file');
    expect(code(() => decodeStepFile(text.replace('"trustee":2', '"time":9,"trustee":2')))).toBe('step/file');
    expect(code(() => decodeStepFile('{}'))).toBe('step/file');
  });

  it('are refused unless the named trustee signed exactly this for this election', () => {
    const file = decodeStepFile(text);
    expect(code(() => requireStepSignature(file, keys))).toBe('none');
    expect(code(() => requireStepSignature({ ...file, message: { ...message, hash: 6n } }, keys))).toBe(
      'step/signature',
    );
    expect(code(() => requireStepSignature({ ...file, message: { ...message, trustee: 1 } }, keys))).toBe(
      'step/signature',
    );
    expect(code(() => requireStepSignature({ ...file, message: { ...message, attempt: 2 } }, keys))).toBe(
      'step/signature',
    );
    expect(code(() => requireStepSignature({ ...file, message: { ...message, trustee: 9 } }, keys))).toBe(
      'step/signature',
    );
    expect(code(() => requireStepSignature({ ...file, domain: { ...domain, chainId: 1n } }, keys))).toBe(
      'step/signature',
    );
  });
});

describe('decryption files', () => {
  const place = { domain, attempt: 1, trustee: 3 };
  const file = { ...place, units: [signDecryption(place, 0, [1n, 2n], key(3))] };

  it('are decoded strictly, and refused with another signature, unit or trustee', () => {
    const text = encodeDecryptionFile(file);
    expectStrict(text, decodeDecryptionFile, encodeDecryptionFile as (value: never) => string);
    expect(code(() => requireDecryptionSignatures(decodeDecryptionFile(text), keys))).toBe('none');
    expect(code(() => requireDecryptionSignatures({ ...file, trustee: 1 }, keys))).toBe('step/signature');
    expect(code(() => requireDecryptionSignatures({ ...file, trustee: 4 }, keys))).toBe('step/signature');
    const moved = file.units.map((unit) => ({ ...unit, unit: 1 }));
    expect(code(() => requireDecryptionSignatures({ ...file, units: moved }, keys))).toBe('step/signature');
  });
});

describe('act files', () => {
  const unsigned = { chainId: 31337, election, number: 4, expiry: 2_000_000_000 };
  const params = { name: 'cancel', reasonHash: `0x${'ab'.repeat(32)}` } as const;
  const signed = (n: number, change: Partial<ActFile> = {}): ActFile => {
    const act = { ...unsigned, params, ...change };
    return { ...act, signatures: [encodeHex(signDigest(digestOfAct(act), key(n)))] };
  };
  const officers = { keys, quorum: 2 };

  it('are decoded strictly, with exactly the members of their act', () => {
    const text = encodeActFile(signed(1));
    expectStrict(text, decodeActFile, encodeActFile as (value: never) => string);
    expect(code(() => decodeActFile(text.replace('"cancel"', '"crown"')))).toBe('act/file');
    expect(code(() => decodeActFile(text.replace('"reasonHash"', '"resultHash"')))).toBe('act/file');
    expect(code(() => decodeActFile(text.replace('"name":"cancel"', '"name":"__proto__"')))).toBe('act/file');
  });

  it('make one act of a quorum, ordered by signer, whatever the order of files', () => {
    const merged = mergeActs([signed(3), signed(1)], officers);
    expect(mergeActs([signed(1), signed(3)], officers)).toEqual(merged);
    expect(merged.signatures.length).toBe(2);
  });

  it('are refused with too few officers, one officer twice, strangers, or different acts', () => {
    expect(code(() => mergeActs([signed(1)], officers))).toBe('incomplete/quorum');
    expect(code(() => mergeActs([signed(1), signed(1)], officers))).toBe('incomplete/quorum');
    expect(code(() => mergeActs([signed(1), signed(7)], officers))).toBe('act/signatures');
    expect(code(() => mergeActs([signed(1), signed(2, { number: 5 })], officers))).toBe('act/mixed');
    expect(code(() => mergeActs([signed(1), signed(2, { expiry: 3 })], officers))).toBe('act/mixed');
    const other = { name: 'cancel', reasonHash: `0x${'cd'.repeat(32)}` } as const;
    expect(code(() => mergeActs([signed(1), signed(2, { params: other })], officers))).toBe('act/mixed');
  });
});

describe('update files', () => {
  const file: UpdateFile = {
    context: { chainId: 1, election },
    poll: 0,
    first: true,
    words: `0x${'00'.repeat(32 * 13)}`,
  };

  it('are decoded strictly and hold exactly one update', () => {
    expectStrict(encodeUpdateFile(file), decodeUpdateFile, encodeUpdateFile as (value: never) => string);
    expect(sentUpdate(file, 1).nullifier).toBe(0n);
    expect(code(() => sentUpdate({ ...file, words: `0x${'00'.repeat(32 * 26)}` }, 1))).toBe('update/file');
    expect(code(() => sentUpdate({ ...file, words: '0x' }, 1))).toBe('update/file');
    expect(code(() => sentUpdate({ ...file, words: `0x${'00'.repeat(32 * 12)}` }, 1))).toBe('updates/length');
    expect(code(() => sentUpdate({ ...file, words: `0x${'ff'.repeat(32 * 13)}` }, 1))).toBe('updates/signal');
    expect(code(() => sentUpdate({ ...file, first: false }, 1))).toBe('updates/length');
  });
});
