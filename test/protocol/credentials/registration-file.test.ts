import { describe, expect, it } from '@jest/globals';
import { checkRegistrations } from '../../../protocol/credentials/check-registrations.ts';
import { REGISTRATION_TREE, merkleRoot } from '../../../protocol/credentials/merkle.ts';
import { reduceRegistrations } from '../../../protocol/credentials/register.ts';
import type { RegisterEvent } from '../../../protocol/credentials/register.ts';
import {
  decodeRegistrationFile,
  encodeRegistrationFile,
  finalEntries,
  membersOf,
  registrationLeaf,
  registrationsRoot,
} from '../../../protocol/credentials/registration-file.ts';
import { compactList } from '../../../protocol/credentials/credential-keys.ts';
import type { SignatureVerifier } from '../../../protocol/credentials/signature-batch.ts';
import { surveyRegistrations } from '../../../protocol/credentials/survey.ts';
import { signRegistration } from '../../../protocol/credentials/registration.ts';
import { encodeHex, encodeWord } from '../../../protocol/encoding.ts';
import { UrnaError, at } from '../../../protocol/errors.ts';
import { hashWords } from '../../../protocol/hash.ts';
import { toField } from '../../../protocol/math/field.ts';
import { context, hexKey, lists, registrationOf, spare, voters } from './election.ts';

const code = (expected: string): unknown => expect.objectContaining({ code: expected });
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const bytesOf = (string: string): Uint8Array => new TextEncoder().encode(string);
const lost = { district: 0, credentialKey: hexKey(at(at(voters, 0), 0)), replacement: hexKey(at(at(spare, 0), 0)) };
const byReserve = (district: number, commitment: bigint): RegisterEvent =>
  signRegistration(context, at(at(spare, district), 0), { district, commitment: toField(commitment), sequence: 1 });
const events = [
  registrationOf(1, 1, 500n),
  registrationOf(0, 0, 100n),
  registrationOf(0, 1, 400n),
  registrationOf(0, 1, 200n, 2),
  lost,
  byReserve(0, 300n),
  registrationOf(1, 0, 50n),
];
const entries = finalEntries(reduceRegistrations(context, lists, events));
const file = encodeRegistrationFile(entries);
const details = async (list: readonly RegisterEvent[], signed = context): Promise<string[]> => {
  const survey = await surveyRegistrations(list, lists.length);
  const found: string[] = [];
  for await (const { line, detail } of checkRegistrations(signed, lists.map(compactList), survey, list)) {
    found.push(`${line}: ${detail}`);
  }
  return found;
};
const sorted = (...list: readonly RegisterEvent[]): RegisterEvent[] =>
  [...list].sort((a, b) => a.district - b.district || (a.credentialKey < b.credentialKey ? -1 : 1));

describe('encodeRegistrationFile', () => {
  it('writes one line a credential, by district and key, whatever order they came in', () => {
    const lines = text(file).split('\n');
    expect(lines.pop()).toBe('');
    expect(lines).toHaveLength(5);
    const keys = lines.map((line) => JSON.parse(line) as { district: number; credentialKey: string });
    expect(keys.map(({ district }) => district)).toEqual([0, 0, 0, 1, 1]);
    for (const district of [0, 1]) {
      const own = keys.filter((key) => key.district === district).map(({ credentialKey }) => credentialKey);
      expect(own).toEqual([...own].sort());
    }
    const other = [events[6]!, events[2]!, events[3]!, events[1]!, events[0]!, events[4]!, events[5]!];
    expect(encodeRegistrationFile(finalEntries(reduceRegistrations(context, lists, other)))).toEqual(file);
  });

  it('is inverted by decodeRegistrationFile', () => {
    expect(decodeRegistrationFile(file)).toEqual(entries);
    expect(decodeRegistrationFile(new Uint8Array())).toEqual([]);
    expect(encodeRegistrationFile([])).toHaveLength(0);
  });
});

describe('decodeRegistrationFile', () => {
  it('refuses lines out of order and credentials twice', () => {
    const lines = text(file).trimEnd().split('\n');
    const joined = (list: readonly string[]): Uint8Array => bytesOf(list.map((line) => `${line}\n`).join(''));
    expect(() => decodeRegistrationFile(joined([...lines].reverse()))).toThrow(code('registration-file/order'));
    expect(() => decodeRegistrationFile(joined([lines[0]!, lines[0]!]))).toThrow(code('registration-file/order'));
  });

  it('refuses other forms of the same lines', () => {
    const [line] = text(file).split('\n') as [string];
    expect(() => decodeRegistrationFile(bytesOf(line))).toThrow(code('registration-file/shape'));
    expect(() => decodeRegistrationFile(bytesOf(`${line}\r\n`))).toThrow(code('json/canonical'));
    expect(() => decodeRegistrationFile(bytesOf(`\n${line}\n`))).toThrow(code('json/syntax'));
    expect(() => decodeRegistrationFile(bytesOf(`${line.replace(':', ': ')}\n`))).toThrow(code('json/canonical'));
  });

  it('refuses malformed revocations', () => {
    const bad = [
      { ...lost, reason: 'x' },
      { ...lost, district: -1 },
    ].map((entry) => JSON.stringify(Object.fromEntries(Object.entries(entry).sort())));
    for (const line of bad)
      expect(() => decodeRegistrationFile(bytesOf(`${line}\n`))).toThrow(code('registration-file/shape'));
  });

  it('gives another root, a finding or an error for every flipped bit', () => {
    const root = registrationsRoot(entries);
    for (let bit = 0; bit < file.length * 8; bit += 41) {
      const flipped = Uint8Array.from(file);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      let outcome: unknown = 'refused';
      try {
        outcome = registrationsRoot(decodeRegistrationFile(flipped));
      } catch (error) {
        expect(error).toMatchObject({ name: 'UrnaError' });
      }
      expect(outcome).not.toBe(root);
    }
  });
});

describe('registrationsRoot', () => {
  it('is the Merkle root over leaves of SPEC §5.6', () => {
    const entry = registrationOf(0, 1, 200n, 2);
    const [s0, s1] = [BigInt(entry.signature.slice(0, 66)), BigInt(`0x${entry.signature.slice(66)}`)];
    const key = BigInt(entry.credentialKey);
    expect(registrationLeaf(entry)).toBe(hashWords('registration-leaf', [0n, key, 200n, 2n, s0, s1]));
    const words = [0n, BigInt(lost.credentialKey), BigInt(lost.replacement)];
    expect(registrationLeaf(lost)).toBe(hashWords('revocation-leaf', words));
    expect(registrationLeaf({ ...lost, replacement: null })).toBe(
      hashWords('revocation-leaf', [0n, BigInt(lost.credentialKey), 0n]),
    );
    expect(registrationsRoot(entries)).toBe(merkleRoot(REGISTRATION_TREE, entries.map(registrationLeaf)));
    expect(registrationsRoot([])).toBe(0n);
  });
});

describe('membersOf', () => {
  it('sorts commitments as numbers, by district', () => {
    expect(membersOf(entries, 2)).toEqual([
      [200n, 300n],
      [50n, 500n],
    ]);
    expect(membersOf([], 2)).toEqual([[], []]);
  });
});

describe('checkRegistrations', () => {
  it('finds nothing wrong in what the register made', async () => {
    expect(await details(entries)).toEqual([]);
    expect(await details([])).toEqual([]);
  });

  it('finds them in the file’s order, whichever batch of signatures is verified first', async () => {
    const many = Array.from({ length: 1200 }, (_, i): RegisterEvent => {
      const credentialKey = encodeHex(encodeWord(BigInt(i + 1)));
      return { ...registrationOf(0, 0, BigInt(i + 1)), credentialKey };
    });
    const survey = await surveyRegistrations(many, lists.length);
    const open: (() => void)[] = [];
    // The last batch is answered first, and of each the first signature does not hold.
    const verify: SignatureVerifier = async ({ length }) => {
      const turn = new Promise<void>((resolve) => open.unshift(resolve));
      if (length < 512) open.splice(0).forEach((resolve) => resolve());
      await turn;
      return [0];
    };
    const found: string[] = [];
    for await (const { line, detail } of checkRegistrations(context, lists.map(compactList), survey, many, verify)) {
      found.push(`${line}: ${detail}`);
    }
    const expected = many.flatMap((_, line) => [
      `${line}: the credential is not sealed for this district, nor a replacement`,
      ...(line % 512 === 0 ? [`${line}: the signature is not valid`] : []),
    ]);
    expect(found).toEqual(expected);
  });

  it('throws where signatures could not be verified', async () => {
    const survey = await surveyRegistrations(entries, lists.length);
    const verify: SignatureVerifier = () => Promise.reject(new UrnaError('internal/worker', 'the thread ended'));
    const findings = checkRegistrations(context, lists.map(compactList), survey, entries, verify);
    await expect(findings.next()).rejects.toMatchObject({ code: 'internal/worker' });
  });

  it('finds a signature of something else', async () => {
    const wrong = sorted({ ...registrationOf(0, 1, 200n), commitment: toField(201n) });
    expect(await details(wrong)).toEqual(['0: the signature is not valid']);
    const elsewhere = { ...context, chainId: 1 };
    expect(await details([registrationOf(0, 1, 200n)], elsewhere)).toHaveLength(1);
  });

  it('finds a member whom no sealed credential authorised', async () => {
    const stranger = signRegistration(context, at(at(voters, 1), 0), {
      district: 0,
      commitment: toField(9n),
      sequence: 1,
    });
    expect(await details([stranger])).toEqual(['0: the credential is not sealed for this district, nor a replacement']);
    expect(await details([{ ...registrationOf(0, 0, 9n), district: 7 }])).toContain(
      '0: the credential is not sealed for this district, nor a replacement',
    );
  });

  it('finds a reserve credential that replaced nobody', async () => {
    expect(await details([byReserve(0, 9n)])).toEqual([
      '0: the credential is not sealed for this district, nor a replacement',
    ]);
    expect(await details(sorted({ ...lost, replacement: null }, byReserve(0, 9n)))).toHaveLength(1);
    const inOtherDistrict = { ...lost, replacement: hexKey(at(at(spare, 1), 0)) };
    const found = await details(sorted(inOtherDistrict, byReserve(1, 9n)));
    expect(found.join()).toContain('the replacement is not in the reserve');
  });

  it('finds replacements that only replace each other', async () => {
    const circle = { district: 0, credentialKey: lost.replacement, replacement: lost.replacement };
    expect(await details([circle])).toEqual(['0: the credential is not sealed for this district, nor a replacement']);
  });

  it('finds one reserve credential that replaces two', async () => {
    const second = { ...lost, credentialKey: hexKey(at(at(voters, 0), 1)) };
    expect(await details(sorted(lost, second))).toEqual(['1: the replacement stands for two credentials']);
  });

  it('finds a commitment twice, in one district or in two', async () => {
    expect(await details(sorted(registrationOf(0, 0, 9n), registrationOf(0, 1, 9n)))).toEqual([
      '1: the commitment is registered twice',
    ]);
    expect(await details([registrationOf(0, 0, 9n), registrationOf(1, 1, 9n)])).toEqual([
      '1: the commitment is registered twice',
    ]);
  });
});
