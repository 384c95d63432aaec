import type { ElectionAt } from '../../../contracts/client/election.ts';
import type { Confirmed, Sender } from '../../../contracts/client/transact.ts';
import { loadElection } from '../election/definition-file.ts';
import type { LoadedElection } from '../election/definition-file.ts';
import type { Invocation } from '../frame/invocation.ts';
import { openElection, openSender } from './open.ts';

/** An election, its chain and an account that pays. */
export interface PostingSession {
  readonly election: LoadedElection;
  readonly at: ElectionAt;
  readonly sender: Sender;
}

/** Opens what a command that posts needs. @throws `chain/*`, `key/*`, `definition/*` */
export async function openPosting(call: Invocation): Promise<PostingSession> {
  const election = await loadElection(call);
  const at = await openElection(call, election);
  return { election, at, sender: await openSender(call, at.connection) };
}

/** What a confirmed transaction tells in JSON. */
export function posted({ transaction, block, gasUsed }: Confirmed): {
  transaction: string;
  block: number;
  gas: number;
} {
  return { transaction, block, gas: Number(gasUsed) };
}
