import type { Hex } from '../../protocol/encoding.ts';
import { UrnaError, at, require } from '../../protocol/errors.ts';
import { asking } from '../client/connection.ts';
import type { Sender } from '../client/transact.ts';
import { fullBlock } from '../follower/source.ts';

/** Where a deployment began: enough to go on with it after an interruption. */
export interface DeployStart {
  /** The account's number of the first creating transaction: all addresses follow from it. */
  readonly nonce: number;
  /** Newest block when it began. */
  readonly block: number;
}

/** Keeps a deployment's start between runs. */
export interface DeployJournal {
  /** Of the run that was interrupted; undefined for a new deployment. */
  readonly started: DeployStart | undefined;
  /** Told before anything is sent. */
  begin(start: DeployStart): Promise<void>;
}

/** A journal for deployments that are not gone on with. */
export const NO_JOURNAL: DeployJournal = { started: undefined, begin: () => Promise.resolve() };

const WAIT_MILLISECONDS = 180_000;

/** The journal's start, or a new one, told to the journal. */
export async function startOf({ account, connection }: Sender, journal: DeployJournal): Promise<DeployStart> {
  if (journal.started !== undefined) return journal.started;
  const { rpc } = connection;
  const nonce = await asking(rpc.getTransactionCount({ address: account.address, blockTag: 'pending' }));
  const start = { nonce, block: Number(await asking(rpc.getBlockNumber())) };
  await journal.begin(start);
  return start;
}

/**
 * Blocks of the creating transactions that an earlier run has on chain, in order; waits for what it left on its way.
 *
 * @param data - of all creating transactions, in order
 * @throws `deploy/nonce` if the account sent something else in between
 */
export async function minedSteps(sender: Sender, start: DeployStart, data: readonly Hex[]): Promise<number[]> {
  const { account, connection } = sender;
  const mined = Math.min((await settledNonce(sender)) - start.nonce, data.length);
  require(mined >= 0, 'deploy/nonce', 'the chain does not know the deployment that was begun: deploy again');
  const own = account.address.toLowerCase();
  const blocks: number[] = [];
  for (let number = start.block; blocks.length < mined; number++) {
    const { transactions } = await fullBlock(connection, number);
    const sent = transactions.filter(({ from, nonce }) => from.toLowerCase() === own && nonce >= start.nonce);
    for (const { nonce, input, to } of sent.sort((a, b) => a.nonce - b.nonce)) {
      if (nonce - start.nonce >= mined) break;
      const same = to === null && input === at(data, nonce - start.nonce);
      require(same, 'deploy/nonce', 'the account was used for something else, or for another build: deploy again');
      blocks.push(number);
    }
  }
  return blocks;
}

/** The account's next number once nothing of it waits. @throws `chain/unconfirmed` */
async function settledNonce({ account: { address }, connection }: Sender): Promise<number> {
  const { rpc, profile } = connection;
  for (let waited = 0; waited < WAIT_MILLISECONDS; waited += profile.pollingInterval) {
    const latest = await asking(rpc.getTransactionCount({ address, blockTag: 'latest' }));
    if (latest === (await asking(rpc.getTransactionCount({ address, blockTag: 'pending' })))) return latest;
    await new Promise((resolve) => setTimeout(resolve, profile.pollingInterval));
  }
  throw new UrnaError('chain/unconfirmed', 'a transaction of the earlier run is still waiting: try again later');
}
