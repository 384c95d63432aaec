import type { CredentialList } from '../credentials/credential-list.ts';
import type { EquationVerifier } from '../credentials/ed25519.ts';
import { checkRegistrations } from '../credentials/check-registrations.ts';
import { decodeRegistrationFile, registrationsRoot } from '../credentials/registration-file.ts';
import type { RegisterEvent } from '../credentials/register.ts';
import { UrnaError, require } from '../errors.ts';
import { readCredentialLists } from './05-credentials.ts';
import type { Check, Findings } from './check.ts';
import type { Replay } from './replay/replay.ts';
import type { RollVersion } from './replay/roll-replay.ts';

/** Entries of a version's registrations file. @throws `checks/registrations` if it was not given, and the decoder's codes */
export function readRegistrations({ evidence }: Replay, version: number): RegisterEvent[] {
  const bytes = evidence.registrations[version - 1];
  require(bytes !== undefined, 'checks/registrations', `no registrations file of version ${version} was given`);
  return decodeRegistrationFile(bytes);
}

/**
 * Check 6: the registrations of the sealed version (of the newest while none is sealed) have the root on chain and each
 * commitment is backed by exactly one credential (SPEC §5, §15). Earlier versions may have been wrong: that is what
 * challenges are for.
 */
export const registrationsCheck: Check = {
  number: 6,
  begin(replay, findings, { signatureEquation }) {
    let begun: { readonly seq: number; readonly version: number } | undefined;
    let sealed = false;
    return {
      take(entry) {
        if (entry.kind === 'roll-begin' && !sealed) begun = { seq: entry.seq, version: entry.data.version };
        if (entry.kind === 'seal') sealed = true;
      },
      end() {
        const version = replay.roll.sealed ?? replay.roll.versions.at(-1);
        if (version !== undefined) checkFile(replay, version, begun?.seq, findings, signatureEquation);
      },
    };
  },
};

function checkFile(
  replay: Replay,
  version: RollVersion,
  seq: number | undefined,
  findings: Findings,
  holds: EquationVerifier | undefined,
): void {
  const entries = readRegistrations(replay, version.version);
  findings.count(entries.length);
  if (registrationsRoot(entries) !== version.registrationsRoot) {
    findings.fail(seq, `the registrations of version ${version.version} do not have the root on chain`);
  }
  const lists = readCredentialLists(replay).filter((list): list is CredentialList => !(list instanceof UrnaError));
  const { domain, definitionHash } = replay;
  if (domain === undefined || definitionHash === undefined || lists.length !== replay.config.voters.length) {
    return findings.fail(seq, 'registrations cannot be checked without election and credential lists');
  }
  const context = { chainId: Number(domain.chainId), election: domain.election, definitionHash };
  for (const { line, detail } of checkRegistrations(context, lists, entries, holds)) {
    findings.fail(seq, `line ${line + 1} of the registrations: ${detail}`);
  }
}
