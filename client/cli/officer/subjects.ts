import { signSubjects, stateSubjects } from '../../../protocol/credentials/subjects.ts';
import { require } from '../../../protocol/errors.ts';
import { readText, writeFile } from '../../../protocol/node/files.ts';
import { openKeyFile } from '../../../protocol/node/key-file.ts';
import { loadElection } from '../election/definition-file.ts';
import { option } from '../frame/invocation.ts';
import type { Invocation } from '../frame/invocation.ts';
import type { Outcome } from '../frame/outcome.ts';
import { passphrase } from '../frame/passphrase.ts';

/**
 * `urna officer subjects`: derives the list of those who may register with a second factor from the names by which its provider knows
 * them, and signs it for the registrar (SPEC §17.1). Works offline; the lines of a quorum, in one file, are the list's seal.
 *
 * @throws `subjects/file` for a name that is there twice
 */
export async function subjects(call: Invocation): Promise<Outcome> {
  const { definition, context } = await loadElection(call);
  const names = (await readText(option(call, 'names'))).split(/\r?\n/u).filter((line) => line !== '');
  const statement = stateSubjects(context, option(call, 'issuer'), names);
  const key = await openKeyFile(
    option(call, 'key'),
    ['officer'],
    await passphrase(call, 'passphraseFile', 'the officer key'),
  );
  require(definition.officers.keys.includes(
    key.address,
  ), 'key/officer', `${key.address} is not an officer of this election`);
  const out = option(call, 'out');
  await writeFile(out, signSubjects(statement, key.privateKey));
  const { issuer, sha256 } = statement;
  const text = `${names.length} subjects of ${issuer}, SHA-256 of the list ${sha256}, signed by ${key.address}: ${out}`;
  return { data: { file: out, officer: key.address, subjects: names.length, issuer, sha256 }, text };
}
