import type { CredentialKeys } from '../credentials/credential-keys.ts';
import { checkRegistrations } from '../credentials/check-registrations.ts';
import type { RegisterEvents } from '../credentials/registration-lines.ts';
import { mostRegistrations, readRegistrations } from '../credentials/registration-lines.ts';
import type { SignatureVerifier } from '../credentials/signature-batch.ts';
import { surveyRegistrations } from '../credentials/survey.ts';
import { UrnaError, require } from '../errors.ts';
import { readCredentialLists } from './05-credentials.ts';
import type { Check, Findings } from './check.ts';
import { openPublished } from './replay/evidence.ts';
import type { Replay } from './replay/replay.ts';
import type { RollVersion } from './replay/roll-replay.ts';

/**
 * Entries of a version's registrations file, from its beginning each time. No more than there can be keys: what reads them may hold something of each.
 *
 * @throws `checks/registrations` if it was not given; reading, the decoder's codes, and that of a file with too many lines
 */
export function openRegistrations({ evidence, config }: Replay, version: number): RegisterEvents {
  const file = evidence.registrations[version - 1];
  require(file !== undefined, 'checks/registrations', `no registrations file of version ${version} was given`);
  return readRegistrations(openPublished(file), mostRegistrations(config.voters));
}

/**
 * Check 6: the registrations of the sealed version (of the newest while none is sealed) have the root on chain and each
 * commitment is backed by exactly one credential (SPEC §5, §15). Earlier versions may have been wrong: that is what
 * challenges are for.
 */
export const registrationsCheck: Check = {
  number: 6,
  begin(replay, findings, { verifySignatures }) {
    let begun: number | undefined;
    let sealed = false;
    return {
      take(entry) {
        if (entry.kind === 'roll-begin' && !sealed) begun = entry.seq;
        if (entry.kind === 'seal') sealed = true;
      },
      async end() {
        const version = replay.roll.sealed ?? replay.roll.versions.at(-1);
        if (version !== undefined) await checkFile(replay, version, begun, findings, verifySignatures);
      },
    };
  },
};

async function checkFile(
  replay: Replay,
  { version, registrationsRoot }: RollVersion,
  seq: number | undefined,
  findings: Findings,
  verify: SignatureVerifier,
): Promise<void> {
  const { domain, definitionHash, config } = replay;
  const survey = await surveyRegistrations(openRegistrations(replay, version), config.voters.length);
  findings.count(survey.entries);
  if (survey.root !== registrationsRoot) {
    findings.fail(seq, `the registrations of version ${version} do not have the root on chain`);
  }
  const lists = (await readCredentialLists(replay)).filter(
    (list): list is CredentialKeys => !(list instanceof UrnaError),
  );
  if (domain === undefined || definitionHash === undefined || lists.length !== config.voters.length) {
    return findings.fail(seq, 'registrations cannot be checked without election and credential lists');
  }
  const context = { chainId: Number(domain.chainId), election: domain.election, definitionHash };
  const events = openRegistrations(replay, version);
  for await (const { line, detail } of checkRegistrations(context, lists, survey, events, verify)) {
    findings.fail(seq, `line ${line + 1} of the registrations: ${detail}`);
  }
}
