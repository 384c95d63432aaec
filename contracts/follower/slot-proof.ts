import type { Definition } from '../../protocol/definition/definition.ts';
import { decodeHex } from '../../protocol/encoding.ts';
import { blocksOnTop, sealedChain } from '../../protocol/seals/headers.ts';
import { slotPlace } from '../../protocol/seals/state.ts';
import type { StateProof } from '../../protocol/voting/slot-proof.ts';
import { asking } from '../client/connection.ts';
import type { ElectionAt } from '../client/election.ts';
import { readHeaders } from './headers.ts';
import { readProof } from './seals.ts';

/**
 * What a node gives to show what slots hold, at the newest block that has its confirmations, or its validators' seals where the definition
 * names them. Nothing is verified here: that is `provedSlots`'. The node learns the nullifiers.
 *
 * @throws `chain/*`
 */
export async function readSlotProof(
  { connection, ballots }: ElectionAt,
  definition: Definition,
  poll: number,
  nullifiers: readonly bigint[],
): Promise<StateProof> {
  const { rpc, profile } = connection;
  const chain = sealedChain(definition);
  const depth = chain === undefined ? profile.confirmations : blocksOnTop(chain);
  const newest = Number(await asking(rpc.getBlockNumber()));
  const number = Math.max(0, newest - depth);
  const { timestamp, stateRoot } = await asking(rpc.getBlock({ blockNumber: BigInt(number) }));
  const places = nullifiers.map((nullifier) => slotPlace(poll, nullifier));
  const nodes = await readProof(connection, ballots, places, number);
  return {
    headers: chain === undefined ? [] : await readHeaders(connection, chain, number, number + depth),
    told: { number, time: Number(timestamp), stateRoot: decodeHex(stateRoot, 32) },
    nodes: nodes.map((node) => decodeHex(node)),
  };
}
