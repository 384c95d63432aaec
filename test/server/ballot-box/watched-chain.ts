import type { Posting } from '../../../server/ballot-box/posting/posting.ts';
import type { Watch } from './watched-store.ts';

type Connection = Posting['at']['connection'];

/** What posting asks a node for. */
const ASKED = [
  ...(['estimateGas', 'getBlock', 'getBlockNumber', 'getTransactionCount'] as const),
  ...(['request', 'sendRawTransaction'] as const),
];

/** The same node, with somebody who watches what it is asked for, and may have it fail. @param after - told once the node has done it */
export function watchedConnection(connection: Connection, watch: Watch, after: Watch = () => undefined): Connection {
  const { rpc } = connection;
  const watched = ASKED.map((name) => {
    const ask = rpc[name] as (...args: unknown[]) => Promise<unknown>;
    return [
      name,
      async (...args: unknown[]) => {
        await watch(name);
        const answer = await ask(...args);
        await after(name);
        return answer;
      },
    ];
  });
  return { ...connection, rpc: { ...rpc, ...(Object.fromEntries(watched) as object) } };
}

/** Posting whose store and node are watched. */
export function watchedPosting<P extends Omit<Posting, 'lease' | 'inTurn' | 'signal'>>(
  posting: P,
  watchStore: (store: Posting['store']) => Posting['store'],
  watchChain: (connection: Connection) => Connection,
): P {
  const connection = watchChain(posting.at.connection);
  return {
    ...{ ...posting, store: watchStore(posting.store) },
    ...{ at: { ...posting.at, connection }, sender: { ...posting.sender, connection } },
  };
}
