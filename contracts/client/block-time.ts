import type { Connection } from './connection.ts';
import { asking } from './connection.ts';

/**
 * The chain's time, Unix seconds: that of the newest block; where blocks are made only when somebody sends something, that of the block
 * that would be made now. @throws `chain/unreachable`
 */
export async function readBlockTime({ rpc, profile }: Connection): Promise<number> {
  const { timestamp } = await asking(rpc.getBlock({ blockTag: profile.canMoveTime ? 'pending' : 'latest' }));
  return Number(timestamp);
}
