import { decodeUtf8 } from '../../../protocol/canonical-json.ts';
import { decodeCode } from '../../../protocol/credentials/code.ts';
import { deriveCredential } from '../../../protocol/credentials/credential.ts';
import type { SigningKey } from '../../../protocol/credentials/ed25519.ts';
import type { ElectionContext } from '../../../protocol/credentials/registration.ts';
import { decodeHex } from '../../../protocol/encoding.ts';
import { readSecret } from '../../../protocol/node/files.ts';
import { optional } from '../frame/invocation.ts';
import type { Invocation } from '../frame/invocation.ts';
import { askSecret } from '../frame/terminal.ts';

/** The credential whose code stands in the voter's letter. @throws `credential/*`, `file/*` */
export async function readCredential(call: Invocation, { definitionHash }: ElectionContext): Promise<SigningKey> {
  const file = optional(call, 'codeFile');
  const typed =
    file === undefined
      ? await askSecret('The credential from your letter: ')
      : decodeUtf8(await readSecret(file, 4096));
  const code = typed.trim();
  decodeCode(code);
  return deriveCredential(code, decodeHex(definitionHash, 32));
}
