import type { Registration } from '../../../protocol/credentials/registration.ts';
import { encodeRegistration, signRegistration } from '../../../protocol/credentials/registration.ts';
import { canonicalBytes } from '../../../protocol/canonical-json.ts';
import { loadElection } from '../election/definition-file.ts';
import { districtIndex } from '../election/names.ts';
import { exists, readText, writeFile } from '../../../protocol/node/files.ts';
import { option, optional, wholeNumber } from '../frame/invocation.ts';
import type { Invocation } from '../frame/invocation.ts';
import type { Outcome } from '../frame/outcome.ts';
import { ask } from '../frame/terminal.ts';
import { parseServerUrl } from '../../http/server-url.ts';
import { readCommitment } from './commitment-file.ts';
import { readCredential } from './letter-code.ts';
import { sendRegistration } from './send-registration.ts';

/**
 * `urna voter register`: a registration of the voter's commitment, signed with the credential from the letter, as a file for
 * the registrar; with `--registrar`, sent there, and the receipt kept beside it. Interrupted, it is called again. A higher sequence replaces an earlier registration.
 */
export async function register(call: Invocation): Promise<Outcome> {
  const server = optional(call, 'registrar') === undefined ? undefined : parseServerUrl(option(call, 'registrar'));
  const election = await loadElection(call);
  const { definition, context } = election;
  const district = districtIndex(definition, option(call, 'district'));
  const sequence = optional(call, 'sequence') === undefined ? 1 : wholeNumber(call, 'sequence', 1);
  const commitment = await readCommitment(option(call, 'commitment'));
  const credential = await readCredential(call, context);
  const registration = signRegistration(context, credential, { district, commitment, sequence });
  const out = option(call, 'out');
  if (server === undefined || !(await isKept(out, registration))) await writeFile(out, encoded(registration));
  const { credentialKey } = registration;
  const data = { file: out, district, credentialKey, sequence };
  if (server === undefined) return { data, text: `registration written to ${out}: give it to the registrar` };
  const receipt = receiptFile(out);
  const answer = await sendRegistration(election, server, registration, askLogin);
  await writeFile(receipt, canonicalBytes(answer), { replace: true });
  const text = `registered. Keep the receipt, ${receipt}: with it you can show what the registrar promised`;
  return { data: { ...data, receipt, time: answer.statement.time }, text };
}

function encoded(registration: Registration): string {
  return `${encodeRegistration(registration)}\n`;
}

/** Whether the very same registration was written before: it was sent, perhaps, and the answer lost. */
async function isKept(path: string, registration: Registration): Promise<boolean> {
  return (await exists(path)) && (await readText(path, 4096)) === encoded(registration);
}

function receiptFile(out: string): string {
  return `${out.replace(/\.json$/u, '')}.receipt.json`;
}

function askLogin(address: string): Promise<string> {
  return ask(
    `Open this address in a browser and log in:\n\n  ${address}\n\nThe page on which you end says that the login was begun elsewhere. Copy its address to here: `,
  );
}
