import { decodeCode } from '../../../protocol/credentials/code.ts';
import { deriveCredential } from '../../../protocol/credentials/credential.ts';
import { encodeRegistration, signRegistration } from '../../../protocol/credentials/registration.ts';
import { decodeUtf8 } from '../../../protocol/canonical-json.ts';
import { decodeHex } from '../../../protocol/encoding.ts';
import { loadElection } from '../election/definition-file.ts';
import { districtIndex } from '../election/names.ts';
import { readSecret, writeFile } from '../../../protocol/node/files.ts';
import { option, optional, wholeNumber } from '../frame/invocation.ts';
import type { Invocation } from '../frame/invocation.ts';
import type { Outcome } from '../frame/outcome.ts';
import { askSecret } from '../frame/terminal.ts';
import { readCommitment } from './commitment-file.ts';

/**
 * `urna voter register`: a registration of the voter's commitment, signed with the credential from the letter, as a file for
 * the registrar. A higher sequence replaces an earlier registration.
 */
export async function register(call: Invocation): Promise<Outcome> {
  const { definition, context } = await loadElection(call);
  const district = districtIndex(definition, option(call, 'district'));
  const sequence = optional(call, 'sequence') === undefined ? 1 : wholeNumber(call, 'sequence', 1);
  const commitment = await readCommitment(option(call, 'commitment'));
  const code = await readCode(call);
  const credential = deriveCredential(code, decodeHex(context.definitionHash, 32));
  const registration = signRegistration(context, credential, { district, commitment, sequence });
  const out = option(call, 'out');
  await writeFile(out, `${encodeRegistration(registration)}\n`);
  const { credentialKey } = registration;
  return {
    data: { file: out, district, credentialKey, sequence },
    text: `registration written to ${out}: give it to the registrar`,
  };
}

async function readCode(call: Invocation): Promise<string> {
  const file = optional(call, 'codeFile');
  const text =
    file === undefined
      ? await askSecret('The credential from your letter: ')
      : decodeUtf8(await readSecret(file, 4096));
  decodeCode(text.trim());
  return text.trim();
}
