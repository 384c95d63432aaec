import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import type { SubjectsStatement } from '../../../protocol/credentials/subjects.ts';
import { encodeSubjects, signSubjects, stateSubjects } from '../../../protocol/credentials/subjects.ts';
import { wordHex } from '../../../protocol/encoding.ts';
import type { UrnaError } from '../../../protocol/errors.ts';
import { at } from '../../../protocol/errors.ts';
import { loadSubjects, readSubjects } from '../../../server/eligibility/second-factor/eligible-subjects.ts';
import { OFFICERS } from '../../contracts/fixture/config.ts';

const folder = mkdtempSync(join(tmpdir(), 'urna-subjects-'));
afterAll(() => rmSync(folder, { recursive: true }));

const context = { chainId: 31337, election: `0x${'5'.repeat(40)}`, definitionHash: wordHex(5n) } as const;
const definition = { officers: { keys: OFFICERS.map(({ address }) => address), quorum: 2 } };

describe('loadSubjects', () => {
  const { issuer, names } = { issuer: 'https://provider.example', names: ['a', 'b'] };
  /** What a registrar reads of a list that is sealed with these lines. */
  const load = (seal: string, subjects = encodeSubjects(context.definitionHash, issuer, names)) => {
    const [subjectsFile, subjectsSealFile] = ['other.txt', 'other.seal'].map((name) => join(folder, name)) as [
      string,
      string,
    ];
    writeFileSync(subjectsFile, subjects);
    writeFileSync(subjectsSealFile, seal);
    return loadSubjects({ subjectsFile, subjectsSealFile }, { context, definition }, issuer);
  };
  const signed = (by: readonly number[], change: Partial<SubjectsStatement> = {}): string => {
    const statement = { ...stateSubjects(context, issuer, names), ...change } as SubjectsStatement;
    return by.map((i) => signSubjects(statement, at(OFFICERS, i).privateKey)).join('');
  };

  it('takes a list that a quorum of officers has sealed, for this election and provider, and no other', async () => {
    expect(await load(signed([0, 2]))).toHaveLength(2);
    const refused: Record<string, string> = {
      none: '',
      'one officer': signed([1]),
      'one officer twice': signed([1, 1]),
      'a stranger': signed([1]) + signSubjects(stateSubjects(context, issuer, names), new Uint8Array(32).fill(9)),
      'another list': signed([0, 1], { sha256: wordHex(1n) }),
      'another number': signed([0, 1], { subjects: 3 }),
      'another provider': signed([0, 1], { issuer: 'https://other.example' }),
      'another election': signed([0, 1], { definitionHash: wordHex(1n) }),
      'two lists': signed([0]) + signed([1], { subjects: 3 }),
    };
    for (const [what, seal] of Object.entries(refused)) {
      await expect(load(seal).catch((error: UrnaError) => [what, error.code])).resolves.toEqual([
        what,
        'subjects/sealed',
      ]);
    }
    const more = encodeSubjects(context.definitionHash, issuer, [...names, 'mallory']);
    await expect(load(signed([0, 1]), more)).rejects.toMatchObject({ code: 'subjects/sealed' });
  });

  it('takes a file in order only, and one that is there', async () => {
    const file = encodeSubjects(context.definitionHash, issuer, names);
    const reversed = `${file.trimEnd().split('\n').reverse().join('\n')}\n`;
    await expect(load(signed([0, 1]), reversed)).rejects.toMatchObject({ code: 'subjects/file' });
    await expect(readSubjects(join(folder, 'none'))).rejects.toMatchObject({ code: 'file/missing' });
  });
});
