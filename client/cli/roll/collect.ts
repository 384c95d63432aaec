import { readLines } from '../../../protocol/json-members.ts';
import { decodeUtf8, parseCanonical } from '../../../protocol/canonical-json.ts';
import { decodeCredentialList } from '../../../protocol/credentials/credential-list.ts';
import type { CredentialList } from '../../../protocol/credentials/credential-list.ts';
import { createRegister, register, revoke } from '../../../protocol/credentials/register.ts';
import type { Register } from '../../../protocol/credentials/register.ts';
import { finalEntries, readRevocation } from '../../../protocol/credentials/registration-file.ts';
import { registrationPieces } from '../../../protocol/credentials/registration-lines.ts';
import { readRegistration } from '../../../protocol/credentials/registration.ts';
import type { Registration } from '../../../protocol/credentials/registration.ts';
import { surveyRegistrations } from '../../../protocol/credentials/survey.ts';
import { wordHex } from '../../../protocol/encoding.ts';
import { UrnaError } from '../../../protocol/errors.ts';
import { loadElection } from '../election/definition-file.ts';
import type { Definition } from '../election/definition-file.ts';
import { codeOf } from '../../../protocol/node/exit-codes.ts';
import { equationByOpenssl } from '../../../protocol/node/ed25519.ts';
import { expandPaths, readBytes, readText, writeFile } from '../../../protocol/node/files.ts';
import { MAX_LIST } from '../../../protocol/record/published-names.ts';
import { option, optional } from '../frame/invocation.ts';
import type { Invocation } from '../frame/invocation.ts';
import type { Outcome } from '../frame/outcome.ts';
import { join } from 'node:path';

interface Refusal {
  readonly file: string;
  readonly code: string;
  readonly reason: string;
}

/**
 * `urna roll collect`: the registrations of many files, each checked against the sealed lists, as `registrations.jsonl`.
 * What is not signed by a sealed credential is refused and named; the rest is written (exit 1 tells that something was refused).
 */
export async function collect(call: Invocation): Promise<Outcome> {
  const { definition, context } = await loadElection(call);
  const state = createRegister(context, await readLists(definition, option(call, 'lists')), equationByOpenssl);
  await takeRevocations(state, optional(call, 'revocations'));
  const refused: Refusal[] = [];
  const found: (readonly [string, Registration])[] = [];
  for (const file of await expandPaths(call.args, '.json')) {
    await attempt(file, refused, async () => void found.push([file, await readRegistrationFile(file)]));
  }
  found.sort(([, a], [, b]) => a.sequence - b.sequence);
  for (const [file, registration] of found) await attempt(file, refused, () => register(state, registration));
  const entries = finalEntries(state);
  const out = option(call, 'out');
  await writeFile(out, registrationPieces(entries));
  const survey = await surveyRegistrations(entries, definition.districts.length);
  const root = wordHex(survey.root);
  const members = survey.commitments.counts;
  const data = { file: out, root, members, refused: refused.map((refusal) => ({ ...refusal })) };
  const lines = refused.map(({ file, code, reason }) => `refused ${file}: ${reason} [${code}]`);
  const text = [...lines, `${entries.length} entries written to ${out}, root ${root}`].join('\n');
  return refused.length === 0 ? { data, text } : { data, text, exit: 1, code: 'check/registrations' };
}

/** The sealed lists in `folder`, one `<district>.json` each, in the definition's order. */
export async function readLists(definition: Definition, folder: string): Promise<CredentialList[]> {
  const lists: CredentialList[] = [];
  for (const { id } of definition.districts)
    lists.push(decodeCredentialList(await readBytes(join(folder, `${id}.json`), MAX_LIST)));
  return lists;
}

async function readRegistrationFile(file: string): Promise<Registration> {
  const lines = readLines(await readText(file, 4096), 'registration/shape');
  const [line, second] = lines;
  if (line === undefined || second !== undefined)
    throw new UrnaError('registration/shape', 'expected exactly one line');
  return readRegistration(parseCanonical(line));
}

async function takeRevocations(state: Register, file: string | undefined): Promise<void> {
  if (file === undefined) return;
  const lines = readLines(decodeUtf8(await readBytes(file)), 'registration-file/shape');
  for (const line of lines) revoke(state, readRevocation(parseCanonical(line)));
}

async function attempt(file: string, refused: Refusal[], work: () => void | Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof UrnaError)) throw error;
    refused.push({ file, code: codeOf(error), reason: error.message });
  }
}
