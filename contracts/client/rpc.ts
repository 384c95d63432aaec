import type { Chain, Client, PublicActions, Transport } from 'viem';
import { createClient } from 'viem';
import {
  call,
  estimateGas,
  getBalance,
  getBlock,
  getBlockNumber,
  getCode,
  getLogs,
  getProof,
  getTransaction,
  getTransactionCount,
  getTransactionReceipt,
  readContract,
  sendRawTransaction,
} from 'viem/actions';

/** What is asked of nodes: few of the many things that viem can ask, so that a browser loads no more. */
const QUESTIONS = {
  ...{ call, estimateGas, getBalance, getBlock, getBlockNumber, getCode, getLogs, getProof, readContract },
  ...{ getTransaction, getTransactionCount, getTransactionReceipt, sendRawTransaction },
};

/** A node that can be asked. */
export type Rpc = Client<Transport, Chain> & Pick<PublicActions<Transport, Chain>, keyof typeof QUESTIONS>;

/** A client of a node. Nothing is kept between two questions. */
export function createRpc(chain: Chain, transport: Transport, pollingInterval: number): Rpc {
  return createClient({ chain, transport, cacheTime: 0, pollingInterval }).extend((client) => {
    const asked = Object.entries(QUESTIONS).map(([name, ask]) => [
      name,
      (parameters: never) => (ask as (of: Client, parameters: never) => unknown)(client as Client, parameters),
    ]);
    return Object.fromEntries(asked) as Pick<PublicActions<Transport, Chain>, keyof typeof QUESTIONS>;
  });
}
