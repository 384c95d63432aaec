import { loadElection } from '../election/definition-file.ts';
import { option } from '../frame/invocation.ts';
import type { Invocation } from '../frame/invocation.ts';
import type { Outcome } from '../frame/outcome.ts';
import { require } from '../../../protocol/errors.ts';
import { readRecord } from '../record/read.ts';
import { viewElection } from '../record/view.ts';
import { deleteAttempts, deleteShare, readShare } from './secret-files.ts';
import { openTrusteeKey } from './session.ts';

/**
 * `urna trustee forget`: ciphertexts stay public for good, so secrets must go (DESIGN §2.3). Deletes the ceremony's secrets once the
 * keys are on chain and the own share is kept, and the share once the result is certified.
 *
 * @throws `state/keys` before the ceremony is done
 */
export async function forget(call: Invocation): Promise<Outcome> {
  const election = await loadElection(call);
  const { replay, certified, cancelled } = await viewElection(election, readRecord(option(call, 'record')));
  const { folder, trustee } = await openTrusteeKey(call, election);
  const keys = replay.ceremony.keys;
  require(keys !== undefined, 'state/keys', 'the ceremony is not done: its secrets are still needed');
  const over = certified || cancelled;
  const kept = (await readShare(folder)) !== undefined || !keys.verificationKeys.has(trustee);
  require(kept || over, 'ceremony/no-secret', 'the own share is not stored yet: the secrets are still needed');
  const ceremony = await deleteAttempts(folder, replay.ceremony.attempt);
  const share = over && (await deleteShare(folder));
  const gone = [...(ceremony ? ['the secrets of the ceremony'] : []), ...(share ? ['the share'] : [])];
  const text = gone.length === 0 ? 'nothing to delete' : `deleted: ${gone.join(' and ')}`;
  return { data: { ceremony, share }, text };
}
