import { parseCanonical } from '../../../protocol/canonical-json.ts';
import { signChallenge } from '../../../protocol/credentials/challenge.ts';
import type { Challenge } from '../../../protocol/credentials/challenge.ts';
import type { SigningKey } from '../../../protocol/credentials/ed25519.ts';
import { compareOwn, readPublishedEntry } from '../../../protocol/credentials/own-entry.ts';
import type { Findings, Own, OwnFault } from '../../../protocol/credentials/own-entry.ts';
import { readRegistration } from '../../../protocol/credentials/registration.ts';
import { encodeHex, wordHex } from '../../../protocol/encoding.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { UrnaError, require } from '../../../protocol/errors.ts';
import { readText, streamBytes } from '../../../protocol/node/files.ts';
import { parseServerUrl } from '../../http/server-url.ts';
import { loadElection } from '../election/definition-file.ts';
import type { LoadedElection } from '../election/definition-file.ts';
import { districtIndex } from '../election/names.ts';
import { flag, option, optional } from '../frame/invocation.ts';
import type { Invocation } from '../frame/invocation.ts';
import type { Outcome } from '../frame/outcome.ts';
import { foldRecordEntries } from '../record/entries.ts';
import { viewElection } from '../record/view.ts';
import { readCredential } from '../voter/letter-code.ts';
import { followChallenges, lookAtChallenges } from './follow.ts';
import { sendChallenge } from './send-challenge.ts';

/** What is wrong, in words. */
const FAULTS: Readonly<Record<OwnFault, string>> = {
  file: 'the published file is not the one the chain names',
  foreign: 'the published file has a registration of your credential',
  unlisted: 'your credential is not in the published file',
  revoked: 'your credential was revoked',
  other: 'the published file has another registration of your credential',
  absent: 'the roll on chain does not hold your commitment',
};

/**
 * `urna roll challenge`: what every voter checks while a roll stands open to challenge (DESIGN §2.2): the published file is the one on
 * chain, it holds the own credential with the own commitment, and the roll holds that commitment; who registered nothing checks that nobody
 * else did with the own credential. Exit 1 names what is to be challenged; with `--registrar` it is, signed with the credential.
 */
export async function challenge(call: Invocation): Promise<Outcome> {
  const server = optional(call, 'registrar') === undefined ? undefined : parseServerUrl(option(call, 'registrar'));
  if (server !== undefined) option(call, 'out');
  const election = await loadElection(call);
  const view = await foldRecordEntries(call, election, (entries) => viewElection(election, entries));
  const newest = view.replay.roll.versions.at(-1);
  if (newest === undefined) throw new UrnaError('state/roll', 'there is no roll on chain yet');
  const { own, credential } = await ownOf(call, election);
  const isOwn = ({ credentialKey }: { readonly credentialKey: Hex }): boolean => credentialKey === own.credentialKey;
  const published = await readPublishedEntry(streamBytes(option(call, 'registrations')), isOwn);
  const found = compareOwn(published, newest, own);
  const sentences = found.faults.map((fault) => FAULTS[fault]);
  const { version } = newest;
  const registered = own.registration === undefined ? {} : { commitment: wordHex(own.registration.commitment) };
  const data = { version, ...registered, sealed: view.replay.roll.sealed !== undefined, faults: sentences };
  if (found.faults.length === 0) return { data, text: rightText(version, own) };
  const wrong = { exit: 1, code: 'check/registration' } as const;
  const faults = sentences.join('; ');
  if (server === undefined) return { data, text: `Challenge this roll: ${faults}`, ...wrong };
  const claimed = challengeOf(found, own, version);
  const signer = credential ?? (await readCredential(call, election.context));
  require(encodeHex(signer.publicKey) ===
    own.credentialKey, 'credential/other', 'the registration was signed with another credential than that of your letter');
  const file = option(call, 'out');
  await sendChallenge(election, server, signChallenge(election.context, signer, claimed), file);
  const { data: followed, text } = await (flag(call, 'follow') ? followChallenges : lookAtChallenges)(election, [file]);
  return { data: { ...data, ...followed }, text: `Challenged: ${faults}\n${text}`, ...wrong };
}

function rightText(version: number, { registration }: Own): string {
  return registration === undefined
    ? `version ${version} of the roll holds no registration of your credential`
    : `version ${version} of the roll holds your registration`;
}

/** By the own registration file, or for who registered nothing by the credential. */
async function ownOf(
  call: Invocation,
  { definition, context }: LoadedElection,
): Promise<{ readonly own: Own; readonly credential?: SigningKey }> {
  const file = optional(call, 'registration');
  if (file !== undefined) {
    const registration = readRegistration(parseCanonical((await readText(file, 4096)).trimEnd()));
    const { district, credentialKey } = registration;
    return { own: { district, credentialKey, registration } };
  }
  const district = districtIndex(definition, option(call, 'district'));
  const credential = await readCredential(call, context);
  return { own: { district, credentialKey: encodeHex(credential.publicKey), registration: undefined }, credential };
}

/** @throws `challenge/nothing` where what is wrong is not about this credential */
function challengeOf(
  { claim, faults }: Findings,
  { district, registration }: Own,
  version: number,
): Omit<Challenge, 'credentialKey' | 'signature'> {
  if (claim === undefined) {
    throw new UrnaError(
      'challenge/nothing',
      `${faults.map((fault) => FAULTS[fault]).join('; ')}: this wrongs not only you, tell the election’s officers`,
    );
  }
  return { district, version, claim, commitment: registration?.commitment ?? null };
}
