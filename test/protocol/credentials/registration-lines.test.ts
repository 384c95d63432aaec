import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { changedEntries } from '../../../protocol/credentials/changes.ts';
import type { ChangedEntry } from '../../../protocol/credentials/changes.ts';
import type { RegisterEvent } from '../../../protocol/credentials/register.ts';
import {
  decodeRegistrationFile,
  encodeRegistrationFile,
  membersOf,
  registrationLeaf,
  registrationsRoot,
} from '../../../protocol/credentials/registration-file.ts';
import { readRegistrations, registrationPieces } from '../../../protocol/credentials/registration-lines.ts';
import {
  leavesHere,
  rangeOf,
  registeredMembers,
  surveyRegistrations,
  surveyedMembers,
} from '../../../protocol/credentials/survey.ts';
import { decodeNumber, encodeHex, encodeText, encodeWord, wordHex } from '../../../protocol/encoding.ts';
import { UrnaError } from '../../../protocol/errors.ts';
import { toField } from '../../../protocol/math/field.ts';
import type { WordList } from '../../../protocol/word-list.ts';

const small = (max: number) => fc.integer({ min: 0, max });

/** Files in order: few credentials of few districts, so that two files have many in common. */
const files = fc
  .uniqueArray(fc.tuple(small(3), small(12)), { maxLength: 30, selector: ([district, key]) => `${district}/${key}` })
  .chain((names) => fc.tuple(...names.map((name) => fc.tuple(fc.constant(name), small(3), small(4)))))
  .map((entries) =>
    entries
      .map(([[district, key], kind, value]): RegisterEvent => {
        const credentialKey = encodeHex(encodeWord(BigInt(key)));
        if (kind === 0) return { district, credentialKey, replacement: null };
        const replacement = encodeHex(encodeWord(BigInt(100 + value)));
        if (kind === 1) return { district, credentialKey, replacement };
        const signature = encodeHex(new Uint8Array(64).fill(value));
        return { district, credentialKey, commitment: toField(BigInt(value + 1)), sequence: 1, signature };
      })
      .sort((a, b) => a.district - b.district || (a.credentialKey < b.credentialKey ? -1 : 1)),
  );

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

function pieces(bytes: Uint8Array, size: number): Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.slice(i * size, (i + 1) * size));
}

async function codeOf(bytes: Uint8Array, size = bytes.length + 1): Promise<string | undefined> {
  try {
    await collect(readRegistrations(pieces(bytes, size)));
    return undefined;
  } catch (error) {
    if (error instanceof UrnaError) return error.code;
    throw error;
  }
}

function codeOfWhole(bytes: Uint8Array): string | undefined {
  try {
    decodeRegistrationFile(bytes);
    return undefined;
  } catch (error) {
    if (error instanceof UrnaError) return error.code;
    throw error;
  }
}

describe('readRegistrations', () => {
  it('reads what decodeRegistrationFile reads, in pieces of any size', async () => {
    await fc.assert(
      fc.asyncProperty(files, fc.integer({ min: 1, max: 700 }), async (entries, size) => {
        const bytes = encodeRegistrationFile(entries);
        expect(await collect(readRegistrations(pieces(bytes, size)))).toEqual(entries);
      }),
    );
  });

  it('reads what registrationPieces writes: the same bytes, never much at once', async () => {
    const [entries] = fc.sample(
      files.filter(({ length }) => length > 5),
      { seed: 7, numRuns: 1 },
    ) as [RegisterEvent[]];
    const many = Array.from({ length: 300 }, () => entries).flat();
    const written = await collect(registrationPieces(many));
    expect(written.length).toBeGreaterThan(2);
    expect(Math.max(...written.map(({ length }) => length))).toBeLessThan(2 ** 16 + 1024);
    expect(encodeText(written.join(''))).toEqual(encodeRegistrationFile(many));
    expect((await collect(registrationPieces([]))).join('')).toBe('');
  });

  it('refuses a file with any byte changed with the same code', async () => {
    const [entries] = fc.sample(
      files.filter(({ length }) => length > 5),
      { seed: 7, numRuns: 1 },
    ) as [RegisterEvent[]];
    const bytes = encodeRegistrationFile(entries);
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 2), small(255), async (place, byte) => {
        const changed = Uint8Array.from(bytes);
        changed[place] = byte;
        expect(await codeOf(changed, 100)).toBe(codeOfWhole(changed));
      }),
      { numRuns: 300 },
    );
    expect(await codeOf(bytes.slice(0, -1))).toBe('registration-file/shape');
  });

  it('refuses a line that never ends before it fills the memory', async () => {
    let given = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) {
        given += 500;
        yield new Uint8Array(500).fill(0x20);
      }
    }
    await expect(collect(readRegistrations(endless()))).rejects.toMatchObject({ code: 'registration-file/shape' });
    expect(given).toBeLessThan(2000);
  });
});

describe('surveyRegistrations', () => {
  it('finds root, number and members', async () => {
    await fc.assert(
      fc.asyncProperty(files, async (entries) => {
        const survey = await surveyRegistrations(entries, 3);
        expect(survey.entries).toBe(entries.length);
        expect(survey.root).toBe(registrationsRoot(entries));
        const numbers = (lists: readonly WordList[]): bigint[][] => lists.map((list) => [...list].map(decodeNumber));
        expect(numbers(surveyedMembers(survey))).toEqual(membersOf(entries, 3));
        expect(numbers(await registeredMembers(entries, 3))).toEqual(membersOf(entries, 3));
      }),
    );
  });

  it('adds leaves in the order of the file, whichever batch is hashed first', async () => {
    const many = Array.from({ length: 5_000 }, (_, i) => ({
      ...{ district: 0, credentialKey: wordHex(BigInt(i + 1)), commitment: toField(BigInt(i + 1)) },
      ...{ sequence: 1, signature: `0x${'11'.repeat(64)}` as const },
    }));
    let [underWay, most, batch] = [0, 0, 0];
    const survey = await surveyRegistrations(many, 1, async (entries) => {
      most = Math.max(most, (underWay += 1));
      // Every second batch comes late.
      if ((batch += 1) % 2 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      underWay -= 1;
      return leavesHere(entries);
    });
    expect([survey.entries, survey.root]).toEqual([many.length, registrationsRoot(many)]);
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(8);
  });

  it('fails as hashing fails, and as reading fails while a batch is hashed', async () => {
    const entry = { district: 0, credentialKey: wordHex(1n), replacement: null };
    const broken = Promise.reject(new UrnaError('internal/worker', 'a thread ended'));
    await expect(surveyRegistrations([entry], 1, () => broken)).rejects.toMatchObject({ code: 'internal/worker' });
    function* cut(): Generator<RegisterEvent> {
      for (let i = 0; i < 600; i++) yield entry;
      throw new UrnaError('json/syntax', 'no entry');
    }
    await expect(surveyRegistrations(cut(), 1, () => broken)).rejects.toMatchObject({ code: 'json/syntax' });
  });

  it('finds who was replaced, by district', async () => {
    await fc.assert(
      fc.asyncProperty(files, async (entries) => {
        const { replaced, replacements } = await surveyRegistrations(entries, 3);
        for (const district of [0, 1, 2]) {
          const expected = entries.flatMap((entry) =>
            'replacement' in entry && entry.replacement !== null && entry.district === district
              ? [[entry.credentialKey, entry.replacement]]
              : [],
          );
          const [start, end] = rangeOf(replaced, district);
          const found = Array.from({ length: end - start }, (_, i) =>
            [replaced, replacements].map(({ words }) => encodeHex(words.at(start + i))),
          );
          expect(found).toEqual(expected);
        }
        const [start, end] = rangeOf(replaced, 3);
        expect(end - start).toBe(0);
      }),
    );
  });
});

describe('changedEntries', () => {
  /** The definition: all credentials of either file whose leaves differ. */
  function changed(before: readonly RegisterEvent[], now: readonly RegisterEvent[]): ChangedEntry[] {
    const nameOf = ({ district, credentialKey }: RegisterEvent): string => `${district}/${credentialKey}`;
    const find = (list: readonly RegisterEvent[], name: string) => list.find((each) => nameOf(each) === name);
    return [...new Set([...before, ...now].map(nameOf))]
      .sort()
      .map((name) => ({ before: find(before, name), now: find(now, name) }))
      .filter(({ before: b, now: n }) => (b && registrationLeaf(b)) !== (n && registrationLeaf(n)))
      .map(({ before: b, now: n }) => {
        const { district, credentialKey } = (b ?? n)!;
        return { district, credentialKey, before: b, now: n };
      });
  }

  it('lists what differs, by district, then key', async () => {
    await fc.assert(
      fc.asyncProperty(files, files, async (before, now) => {
        expect(await collect(changedEntries(before, now))).toEqual(changed(before, now));
        expect(await collect(changedEntries(before, before))).toEqual([]);
      }),
    );
  });
});
