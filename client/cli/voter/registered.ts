import { canonicalBytes, parseCanonical } from '../../../protocol/canonical-json.ts';
import { readRegistration } from '../../../protocol/credentials/registration.ts';
import type { Registration } from '../../../protocol/credentials/registration.ts';
import { decodeWord, encodeHex, wordHex } from '../../../protocol/encoding.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { toField } from '../../../protocol/math/field.ts';
import { readText, writeFile } from '../../../protocol/node/files.ts';
import { readRegistrationReceipt } from '../../../protocol/receipts/registration-receipt.ts';
import { fetchStanding } from '../../http/registrar.ts';
import type { Standing } from '../../http/registrar.ts';
import { parseServerUrl } from '../../http/server-url.ts';
import { loadElection } from '../election/definition-file.ts';
import type { LoadedElection } from '../election/definition-file.ts';
import { districtIndex } from '../election/names.ts';
import { option, optional } from '../frame/invocation.ts';
import type { Invocation } from '../frame/invocation.ts';
import type { Outcome } from '../frame/outcome.ts';
import { readCredential } from './letter-code.ts';

/** Whose registration is asked for, and what the voter says was registered. */
interface Question {
  readonly district: number;
  readonly credentialKey: Hex;
  readonly expected: Pick<Registration, 'commitment' | 'sequence'> | undefined;
}

/**
 * `urna voter registered`: asks the registrar "am I registered?" (SPEC §17.1), and believes a receipt only. Exit 1 where it is not so: nothing
 * is registered, the credential was revoked, or something else is registered than what the voter holds.
 */
export async function registered(call: Invocation): Promise<Outcome> {
  const server = parseServerUrl(option(call, 'registrar'));
  const election = await loadElection(call);
  const question = await questionOf(call, election);
  const { district, credentialKey, expected } = question;
  const standing = await fetchStanding(server, credentialKey);
  if (standing.state !== 'registered') {
    const text =
      standing.state === 'revoked' ? 'your credential was revoked' : 'nothing is registered with your credential';
    return { data: { state: standing.state, credentialKey, district }, text, ...NOT_SO };
  }
  const { sequence, commitment } = standing;
  const receipt = checkedReceipt(election, question, standing);
  const out = optional(call, 'out');
  if (out !== undefined) await writeFile(out, canonicalBytes(receipt));
  const data = { state: 'registered', credentialKey, district, sequence, commitment, time: receipt.statement.time };
  const same =
    expected === undefined || (wordHex(expected.commitment) === commitment && expected.sequence === sequence);
  if (!same)
    return { data, text: `registered, but with another commitment or sequence: ${commitment}, ${sequence}`, ...NOT_SO };
  return { data, text: `registered: commitment ${commitment}, sequence ${sequence}` };
}

const NOT_SO = { exit: 1, code: 'check/registration' } as const;

/** @throws `receipt/*`: what a registrar says without its signature nobody can hold against it */
function checkedReceipt(
  { definition, context }: LoadedElection,
  { district, credentialKey }: Question,
  { commitment, sequence, receipt }: Extract<Standing, { state: 'registered' }>,
) {
  const said = { district, credentialKey, sequence, commitment: toField(decodeWord(commitment)) };
  return readRegistrationReceipt(receipt, context, said, definition.registrar);
}

async function questionOf(call: Invocation, { definition, context }: LoadedElection): Promise<Question> {
  const file = optional(call, 'registration');
  if (file !== undefined) {
    const own = readRegistration(parseCanonical((await readText(file, 4096)).trimEnd()));
    return { district: own.district, credentialKey: own.credentialKey, expected: own };
  }
  const district = districtIndex(definition, option(call, 'district'));
  const credential = await readCredential(call, context);
  return { district, credentialKey: encodeHex(credential.publicKey), expected: undefined };
}
