import { locateElection } from '../../../contracts/client/election.ts';
import type { ElectionAt } from '../../../contracts/client/election.ts';
import { connect } from '../../../contracts/client/connection.ts';
import type { Connection } from '../../../contracts/client/connection.ts';
import { senderOfKey } from '../../../contracts/client/transact.ts';
import type { Sender } from '../../../contracts/client/transact.ts';
import { chainProfile } from '../../../contracts/network/profiles.ts';
import type { LoadedElection } from '../election/definition-file.ts';
import { setting } from '../frame/invocation.ts';
import type { Invocation } from '../frame/invocation.ts';
import { passphrase } from '../frame/passphrase.ts';
import { ANY_ROLE, openKeyFile } from '../../../protocol/node/key-file.ts';

/** The node that `--rpc` names, of the chain that the definition names. @throws `chain/*`, `usage/setting` */
export function openNode(call: Invocation, { definition }: Pick<LoadedElection, 'definition'>): Promise<Connection> {
  return connect(setting(call, 'rpc'), chainProfile(definition.chain.profile), definition.chain.id);
}

/** The election on its chain. @throws `chain/*` */
export async function openElection(call: Invocation, election: LoadedElection): Promise<ElectionAt> {
  return locateElection(await openNode(call, election), election.context.election);
}

/** The account that pays for transactions: `--account-file`, of any office. @throws `key/*`, `secret/*`, `usage/setting` */
export async function openSender(call: Invocation, connection: Connection): Promise<Sender> {
  const path = setting(call, 'accountFile');
  const key = await openKeyFile(path, ANY_ROLE, await passphrase(call, 'accountPassphraseFile', path));
  return senderOfKey(connection, key.privateKey, (line) => call.progress.note(line));
}
