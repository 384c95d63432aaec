import { decodeUtf8 } from '../../../protocol/canonical-json.ts';
import { require } from '../../../protocol/errors.ts';
import { readSecret } from '../../../protocol/node/files.ts';
import type { Invocation } from './invocation.ts';
import { askSecret } from './terminal.ts';

type Kind = 'passphraseFile' | 'accountPassphraseFile';

/**
 * The passphrase of an existing file: the first line of a `*_FILE`, or typed. `accountPassphraseFile` stands back for
 * `passphraseFile` where only that one is set (documented in `--help`).
 *
 * @throws `secret/permissions`, `secret/passphrase`, `usage/terminal`
 */
export async function passphrase(call: Invocation, kind: Kind, what: string): Promise<string> {
  const path = call.settings[kind] ?? call.settings.passphraseFile;
  return path === undefined ? askSecret(`Passphrase of ${what}: `) : firstLine(path);
}

/** A new passphrase; typed ones are asked for twice. @throws `secret/mismatch` and the codes of {@link passphrase} */
export async function newPassphrase(call: Invocation, what: string): Promise<string> {
  const path = call.settings.passphraseFile;
  if (path !== undefined) return firstLine(path);
  const first = await askSecret(`New passphrase for ${what}: `);
  const second = await askSecret('The same again: ');
  require(first === second, 'secret/mismatch', 'the two passphrases differ: nothing was written');
  return first;
}

async function firstLine(path: string): Promise<string> {
  const line = decodeUtf8(await readSecret(path, 4096)).split(/\r?\n/u, 1)[0] ?? '';
  require(line !== '', 'secret/passphrase', `${path} holds no passphrase`);
  return line;
}
