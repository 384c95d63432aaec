import { parseCanonical } from '../../../protocol/canonical-json.ts';
import { decodeRegistrationFile, registrationsRoot } from '../../../protocol/credentials/registration-file.ts';
import { encodeRegistration, readRegistration } from '../../../protocol/credentials/registration.ts';
import { wordHex } from '../../../protocol/encoding.ts';
import { UrnaError } from '../../../protocol/errors.ts';
import { loadElection } from '../election/definition-file.ts';
import { readBytes, readText } from '../../../protocol/node/files.ts';
import { option } from '../frame/invocation.ts';
import type { Invocation } from '../frame/invocation.ts';
import type { Outcome } from '../frame/outcome.ts';
import { recordEntries } from '../record/entries.ts';
import { viewElection } from '../record/view.ts';
import type { ElectionView } from '../record/view.ts';

/**
 * `urna roll challenge`: what every voter checks while a roll stands open to challenge (DESIGN §2.2): the published file is the one on
 * chain, it holds the own credential with the own commitment, and the roll holds that commitment. Exit 1 names what is to be challenged.
 */
export async function challenge(call: Invocation): Promise<Outcome> {
  const election = await loadElection(call);
  const view = await viewElection(election, recordEntries(call, election));
  const entries = decodeRegistrationFile(await readBytes(option(call, 'registrations')));
  const own = readRegistration(parseCanonical((await readText(option(call, 'registration'), 4096)).trimEnd()));
  const newest = view.replay.roll.versions.at(-1);
  if (newest === undefined) throw new UrnaError('state/roll', 'there is no roll on chain yet');
  const listed = entries.find(({ credentialKey }) => credentialKey === own.credentialKey);
  const members = newest.members[own.district] ?? [];
  const faults = [
    ...faultIf(
      registrationsRoot(entries) !== newest.registrationsRoot,
      'the published file is not the one the chain names',
    ),
    ...faultIf(listed === undefined, 'your credential is not in the published file'),
    ...faultIf(listed !== undefined && !('signature' in listed), 'your credential was revoked'),
    ...faultIf(
      listed !== undefined && 'signature' in listed && encodeRegistration(listed) !== encodeRegistration(own),
      'the published file has another registration of your credential',
    ),
    ...faultIf(!members.includes(own.commitment), 'the roll on chain does not hold your commitment'),
  ];
  const data = { version: newest.version, commitment: wordHex(own.commitment), sealed: isSealed(view), faults };
  if (faults.length === 0) return { data, text: `version ${newest.version} of the roll holds your registration` };
  return { data, text: `Challenge this roll: ${faults.join('; ')}`, exit: 1, code: 'check/registration' };
}

function isSealed({ replay }: ElectionView): boolean {
  return replay.roll.sealed !== undefined;
}

function faultIf(wrong: boolean, sentence: string): string[] {
  return wrong ? [sentence] : [];
}
