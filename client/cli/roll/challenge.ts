import { parseCanonical } from '../../../protocol/canonical-json.ts';
import type { RegisterEvent } from '../../../protocol/credentials/register.ts';
import { readRegistrations } from '../../../protocol/credentials/registration-lines.ts';
import { encodeRegistration, readRegistration } from '../../../protocol/credentials/registration.ts';
import type { Registration } from '../../../protocol/credentials/registration.ts';
import { surveyRegistrations } from '../../../protocol/credentials/survey.ts';
import { encodeWord, wordHex } from '../../../protocol/encoding.ts';
import { UrnaError } from '../../../protocol/errors.ts';
import { loadElection } from '../election/definition-file.ts';
import { readText, streamBytes } from '../../../protocol/node/files.ts';
import { indexOfWord } from '../../../protocol/word-list.ts';
import { option } from '../frame/invocation.ts';
import type { Invocation } from '../frame/invocation.ts';
import type { Outcome } from '../frame/outcome.ts';
import { foldRecordEntries } from '../record/entries.ts';
import { viewElection } from '../record/view.ts';
import type { ElectionView } from '../record/view.ts';

/**
 * `urna roll challenge`: what every voter checks while a roll stands open to challenge (DESIGN §2.2): the published file is the one on
 * chain, it holds the own credential with the own commitment, and the roll holds that commitment. Exit 1 names what is to be challenged.
 */
export async function challenge(call: Invocation): Promise<Outcome> {
  const election = await loadElection(call);
  const view = await foldRecordEntries(call, election, (entries) => viewElection(election, entries));
  const own = readRegistration(parseCanonical((await readText(option(call, 'registration'), 4096)).trimEnd()));
  const newest = view.replay.roll.versions.at(-1);
  if (newest === undefined) throw new UrnaError('state/roll', 'there is no roll on chain yet');
  const { root, listed } = await readPublishedFile(option(call, 'registrations'), own);
  const members = newest.members[own.district];
  const onChain = members !== undefined && indexOfWord(members, encodeWord(own.commitment)) >= 0;
  const faults = [
    ...faultIf(root !== newest.registrationsRoot, 'the published file is not the one the chain names'),
    ...faultIf(listed === undefined, 'your credential is not in the published file'),
    ...faultIf(listed !== undefined && !('signature' in listed), 'your credential was revoked'),
    ...faultIf(
      listed !== undefined && 'signature' in listed && encodeRegistration(listed) !== encodeRegistration(own),
      'the published file has another registration of your credential',
    ),
    ...faultIf(!onChain, 'the roll on chain does not hold your commitment'),
  ];
  const data = { version: newest.version, commitment: wordHex(own.commitment), sealed: isSealed(view), faults };
  if (faults.length === 0) return { data, text: `version ${newest.version} of the roll holds your registration` };
  return { data, text: `Challenge this roll: ${faults.join('; ')}`, exit: 1, code: 'check/registration' };
}

/** The file's root, and what it holds of the own credential. */
async function readPublishedFile(
  path: string,
  { credentialKey }: Registration,
): Promise<{ readonly root: bigint; readonly listed: RegisterEvent | undefined }> {
  let listed: RegisterEvent | undefined;
  async function* watched(): AsyncGenerator<RegisterEvent> {
    for await (const entry of readRegistrations(streamBytes(path))) {
      if (entry.credentialKey === credentialKey) listed ??= entry;
      yield entry;
    }
  }
  const { root } = await surveyRegistrations(watched(), 0);
  return { root, listed };
}

function isSealed({ replay }: ElectionView): boolean {
  return replay.roll.sealed !== undefined;
}

function faultIf(wrong: boolean, sentence: string): string[] {
  return wrong ? [sentence] : [];
}
