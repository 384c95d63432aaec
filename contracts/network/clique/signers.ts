import type { Rpc } from '../../client/rpc.ts';
import { UrnaError, require } from '../../../protocol/errors.ts';
import { EPOCH, SEAL, VANITY } from './genesis.ts';

const ADDRESS = 20;

/**
 * How many signers a Clique chain has now: what the node's `clique_getSigners` says; of a node that does not offer it, what the newest list in the
 * chain says (extra data of every {@link EPOCH}th block), which does not have the votes since.
 *
 * @throws `chain/unreachable`, `chain/signers` if the node tells neither
 */
export async function countSigners(rpc: Rpc): Promise<number> {
  const ask: Promise<unknown> = rpc.request({ method: 'clique_getSigners', params: [] } as never);
  const told = await ask.catch(() => undefined);
  const count = Array.isArray(told) ? told.length : await countListed(rpc);
  require(Number.isSafeInteger(count) &&
    count >
      0, 'chain/signers', 'the node does not tell the chain’s signers: without their number, nobody knows when a block is final');
  return count;
}

async function countListed(rpc: Rpc): Promise<number> {
  const newest = await rpc.getBlockNumber({ cacheTime: 0 });
  const { extraData } = await rpc.getBlock({ blockNumber: newest - (newest % BigInt(EPOCH)) });
  const bytes = extraData.length / 2 - 1 - VANITY - SEAL;
  if (bytes % ADDRESS !== 0) throw new UrnaError('chain/signers', 'the node is not of a Clique chain');
  return bytes / ADDRESS;
}
