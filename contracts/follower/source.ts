import type { Hash, Log, Transaction } from 'viem';
import type { Hex } from '../../protocol/encoding.ts';
import { UrnaError, require } from '../../protocol/errors.ts';
import type { Connection } from '../client/connection.ts';
import { asking } from '../client/connection.ts';

/** A mined log: none of its place is missing. */
export type MinedLog = Log<bigint, number, false>;

/** A transaction inside a block. */
export type MinedTransaction = Transaction<bigint, number, false>;

/** A block and all its transactions; `time` in Unix seconds. */
export interface FullBlock {
  readonly number: number;
  readonly hash: Hash;
  readonly time: number;
  readonly transactions: readonly MinedTransaction[];
}

/** Newest block that has the profile's confirmations; −1 if there is none yet. */
export async function confirmedHead({ rpc, profile }: Connection): Promise<number> {
  return Number(await asking(rpc.getBlockNumber())) - profile.confirmations;
}

/** Hash of the block with this number on the node's chain now; undefined beyond its head. */
export async function blockHash({ rpc }: Connection, number: number): Promise<Hash | undefined> {
  try {
    return (await asking(rpc.getBlock({ blockNumber: BigInt(number) }))).hash;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

/** A block with its transactions, by number or hash. @throws `follow/moved` if the node does not know it (any more) */
export async function fullBlock({ rpc }: Connection, which: number | Hash): Promise<FullBlock> {
  const wanted = typeof which === 'number' ? { blockNumber: BigInt(which) } : { blockHash: which };
  try {
    const { number, hash, timestamp, transactions } = await asking(
      rpc.getBlock({ ...wanted, includeTransactions: true }),
    );
    return { number: Number(number), hash, time: Number(timestamp), transactions };
  } catch (error) {
    if (isAbsent(error)) throw new UrnaError('follow/moved', 'the chain was reorganised while it was read');
    throw error;
  }
}

function isAbsent(error: unknown): boolean {
  return error instanceof UrnaError && error.code === 'chain/no-block';
}

/**
 * All logs of these addresses in blocks `from` to `to` (inclusive), in the chain's order.
 *
 * @throws `chain/range` if the node refuses so large a range
 */
export async function readLogs(
  { rpc }: Connection,
  addresses: readonly Hex[],
  from: number,
  to: number,
): Promise<MinedLog[]> {
  const logs = await asking(rpc.getLogs({ address: [...addresses], fromBlock: BigInt(from), toBlock: BigInt(to) }));
  for (const log of logs) {
    const within = log.blockNumber >= from && log.blockNumber <= to && !log.removed;
    require(within, 'chain/node', 'the chain’s node answered with logs that were not asked for');
  }
  return logs.sort((a, b) => Number(a.blockNumber - b.blockNumber) || a.logIndex - b.logIndex);
}
