import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { concatBytes, decodeHex, encodeHex, encodeText } from '../../../protocol/encoding.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { require, UrnaError } from '../../../protocol/errors.ts';
import { domainTag, keccak256, sha256Stream } from '../../../protocol/hash.ts';
import { WordList, compareWords, indexOfWord } from '../../../protocol/word-list.ts';

const CODE = 'subjects/file';

/** keccak256 of tag("subject"), definition hash, and the hashes of provider and subject: of use in one election only, and no name. */
export function subjectHash(definitionHash: Hex, issuer: string, subject: string): Uint8Array {
  const parts = [issuer, subject].map((text) => keccak256(encodeText(text)));
  return keccak256(concatBytes(domainTag('subject'), decodeHex(definitionHash, 32), ...parts));
}

/** The file of eligible subjects: their hashes as hex, ascending, one a line. @param subjects - as the provider names them, each once */
export function encodeSubjects(definitionHash: Hex, issuer: string, subjects: Iterable<string>): string {
  const hashes = [...subjects].map((subject) => encodeHex(subjectHash(definitionHash, issuer, subject))).sort();
  hashes.forEach((hash, i) => require(hash !== hashes[i - 1], CODE, 'a subject is listed twice'));
  return hashes.map((hash) => `${hash}\n`).join('');
}

/**
 * Who may register, as hashes.
 *
 * @param sealed - SHA-256 of the file, as the commission announced it
 * @throws `subjects/file`, `subjects/sealed` if it is another file, `file/missing`
 */
export async function loadSubjects(path: string, sealed: Hex): Promise<WordList> {
  const list = new WordList();
  const digest = sha256Stream();
  const file = createReadStream(path, 'latin1');
  const broken = new Promise<never>((_resolve, reject) => {
    file.once('error', () => reject(new UrnaError('file/missing', `${path} cannot be read`)));
  });
  const read = async (): Promise<void> => {
    for await (const line of createInterface({ input: file, crlfDelay: Infinity })) {
      const hash = decodeHex(line, 32);
      const ascending = list.length === 0 || compareWords(list.at(list.length - 1), hash) < 0;
      require(ascending, CODE, 'the hashes of subjects are not ascending');
      list.push(hash);
      digest.update(encodeText(`${line}\n`));
    }
  };
  await Promise.race([read(), broken]);
  const same = encodeHex(digest.digest()) === sealed;
  require(same, 'subjects/sealed', 'the file of eligible subjects is not the one whose hash is configured');
  return list;
}

/** Whether a subject's hash is listed. */
export function isEligible(subjects: WordList, hash: Uint8Array): boolean {
  return indexOfWord(subjects, hash) >= 0;
}
