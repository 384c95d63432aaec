import { encodeOpening } from '../../../protocol/ballot/opening.ts';
import { loadElection } from '../election/definition-file.ts';
import { exists, writeFile } from '../../../protocol/node/files.ts';
import { option } from '../frame/invocation.ts';
import type { Invocation } from '../frame/invocation.ts';
import type { Outcome } from '../frame/outcome.ts';
import { passphrase } from '../frame/passphrase.ts';
import { require } from '../../../protocol/errors.ts';
import { shortForm } from '../../../protocol/ballot/fingerprint-text.ts';
import { decide } from './decision.ts';
import { requireOwnElection } from '../../../protocol/ballot/prepared-ballot.ts';
import { openPrepared } from './prepared-file.ts';

/**
 * `urna voter challenge`: reveals what a prepared ballot holds, so that an independent program can make its fingerprint again
 * (`urna observe ballot`). It can never be cast from then on. Called again, it reveals the same.
 *
 * @throws `state/ballot` if it was cast, `prepared/*`
 */
export async function challenge(call: Invocation): Promise<Outcome> {
  const { context } = await loadElection(call);
  const path = option(call, 'prepared');
  const out = option(call, 'out');
  require(!(await exists(out)), 'file/exists', `${out} exists already and is not overwritten`);
  const ballot = await openPrepared(path, await passphrase(call, 'passphraseFile', 'your ballot'));
  requireOwnElection(ballot, context);
  const { fingerprint, randomnessBytes } = ballot;
  await decide(path, fingerprint, 'challenged');
  await writeFile(out, encodeOpening(ballot, randomnessBytes), { secret: true });
  const text = `challenged: ${out} reveals the vote and its randomness, and names your slot. Check it with "urna observe ballot ${out}" on another computer; the fingerprint must begin with ${shortForm(fingerprint)}. To vote, prepare another ballot.`;
  return { data: { file: out, fingerprint }, text };
}
