import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { ElectionContext } from '../../../protocol/credentials/registration.ts';
import { requireSealed, subjectsStatement } from '../../../protocol/credentials/subjects.ts';
import type { Definition } from '../../../protocol/definition/definition.ts';
import { decodeHex, encodeHex, encodeText } from '../../../protocol/encoding.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { require, UrnaError } from '../../../protocol/errors.ts';
import { sha256Stream } from '../../../protocol/hash.ts';
import { readText } from '../../../protocol/node/files.ts';
import { WordList, compareWords, indexOfWord } from '../../../protocol/word-list.ts';
import type { EligibilitySettings } from '../settings.ts';

/** Who may register, as hashes, and what they were read from. */
export interface EligibleSubjects {
  readonly subjects: WordList;
  /** Of the file. */
  readonly sha256: Hex;
}

/** The file of eligible subjects (SPEC §17.1); whether it is the sealed one is not looked at. @throws `subjects/file`, `file/missing` */
export async function readSubjects(path: string): Promise<EligibleSubjects> {
  const subjects = new WordList();
  const digest = sha256Stream();
  const file = createReadStream(path, 'latin1');
  const broken = new Promise<never>((_resolve, reject) => {
    file.once('error', () => reject(new UrnaError('file/missing', `${path} cannot be read`)));
  });
  const read = async (): Promise<void> => {
    for await (const line of createInterface({ input: file, crlfDelay: Infinity })) {
      const hash = decodeHex(line, 32);
      const ascending = subjects.length === 0 || compareWords(subjects.at(subjects.length - 1), hash) < 0;
      require(ascending, 'subjects/file', 'the hashes of subjects are not ascending');
      subjects.push(hash);
      digest.update(encodeText(`${line}\n`));
    }
  };
  await Promise.race([read(), broken]);
  return { subjects, sha256: encodeHex(digest.digest()) };
}

/**
 * Who may register, as a quorum of the election's officers has sealed it.
 *
 * @throws `subjects/file`, `subjects/sealed` if they have sealed another list, `file/*`
 */
export async function loadSubjects(
  { subjectsFile, subjectsSealFile }: Pick<EligibilitySettings, 'subjectsFile' | 'subjectsSealFile'>,
  { context, definition }: { readonly context: ElectionContext; readonly definition: Pick<Definition, 'officers'> },
  issuer: string,
): Promise<WordList> {
  const { subjects, sha256 } = await readSubjects(subjectsFile);
  const statement = subjectsStatement(context, { issuer, sha256, subjects: subjects.length });
  requireSealed(await readText(subjectsSealFile, 2 ** 20), statement, definition);
  return subjects;
}

/** Whether a subject's hash is listed. */
export function isEligible(subjects: WordList, hash: Uint8Array): boolean {
  return indexOfWord(subjects, hash) >= 0;
}
