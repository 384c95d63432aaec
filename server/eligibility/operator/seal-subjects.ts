import { decodeDefinition, definitionHash } from '../../../protocol/definition/decode.ts';
import { encodeHex, encodeText } from '../../../protocol/encoding.ts';
import { require } from '../../../protocol/errors.ts';
import { sha256 } from '../../../protocol/hash.ts';
import { readBytes, readText, writeFile } from '../../../protocol/node/files.ts';
import { encodeSubjects } from '../../../protocol/credentials/subjects.ts';
import { kindOf } from '../second-factor/kinds.ts';
import type { EligibilitySettings } from '../settings.ts';
import { argument } from './argument.ts';

export const SUBJECTS_USAGE = 'subjects IN OUT';

/**
 * From subjects as the provider names them, one a line, the file of their hashes, and the hash that officers sign (`urna officer subjects`). Done before
 * the service can start: it takes the definition and the provider's address only.
 *
 * @throws `config/second-factor`, `subjects/file`, `file/*`
 */
export async function sealSubjects(
  settings: Pick<EligibilitySettings, 'definitionFile' | 'oidcIssuer' | 'secondFactor'>,
  args: readonly string[],
): Promise<readonly string[]> {
  const [from, to] = [argument(args, 0, SUBJECTS_USAGE), argument(args, 1, SUBJECTS_USAGE)];
  const issuer = kindOf(settings).issuer(settings);
  require(issuer !== '', 'config/second-factor', 'the settings name no provider: a subject is one of a provider');
  const hash = definitionHash(decodeDefinition(await readBytes(settings.definitionFile, 2 ** 22)));
  const lines = (await readText(from)).split(/\r?\n/u).filter((line) => line !== '');
  const text = encodeSubjects(hash, issuer, lines);
  await writeFile(to, text);
  return [`${lines.length} subjects written to ${to}, SHA-256 ${encodeHex(sha256(encodeText(text)))}`];
}
