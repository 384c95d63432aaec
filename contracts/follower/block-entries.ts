import type { Hex } from '../../protocol/encoding.ts';
import { UrnaError, require } from '../../protocol/errors.ts';
import type { Entry } from '../../protocol/record/entry.ts';
import type { ElectionAt } from '../client/election.ts';
import { ballotsEntry } from './ballots-entries.ts';
import { ceremonyEntry } from './ceremony-entries.ts';
import type { Deployments } from './deployments.ts';
import { electionEntry, executedAct } from './election-entries.ts';
import type { Content, Happening } from './happening.ts';
import { rollEntry } from './roll-entries.ts';
import { joinAggregates, tallyEntry } from './tally-entries.ts';
import type { FullBlock, MinedLog } from './source.ts';

type Placed = Content & { readonly transaction: Hex };

/** What turns one part's events into entries, by its address. */
function readers(at: ElectionAt): ReadonlyMap<string, (happening: Happening) => Content | undefined> {
  return new Map<string, (happening: Happening) => Content | undefined>([
    [at.election, electionEntry],
    [at.roll, rollEntry],
    [at.ceremony, (happening) => ceremonyEntry(happening, at.trustees)],
    [at.ballots, ballotsEntry],
    [at.tally, tallyEntry],
  ]);
}

/**
 * The entries of one block, in the chain's order: of each transaction its deployment, then its logs.
 *
 * @param logs - all logs of the election's contracts in this block, in order
 * @param seq - number of the first entry
 * @throws `follow/foreign-contract` for an event the published contracts do not emit
 */
export function blockEntries(
  at: ElectionAt,
  deployments: Deployments,
  block: FullBlock,
  logs: readonly MinedLog[],
  seq: number,
): Entry[] {
  const created = new Map(deployments.list.map((each) => [each.transaction, each.data]));
  const placed = block.transactions.flatMap((transaction): Placed[] => {
    const own = logs.filter(({ transactionHash }) => transactionHash === transaction.hash);
    const data = created.get(transaction.hash);
    const creation: Content[] = data === undefined ? [] : [{ kind: 'deployment', data }];
    const contents = [...creation, ...transactionEntries(at, deployments, transaction, own)];
    return contents.map((each) => ({ ...each, transaction: transaction.hash }));
  });
  const place = { block: block.number, time: block.time };
  return placed.map(({ kind, data, transaction }, i) => ({ seq: seq + i, ...place, transaction, kind, data }) as Entry);
}

function transactionEntries(
  at: ElectionAt,
  { circuitKeys }: Deployments,
  transaction: FullBlock['transactions'][number],
  logs: readonly MinedLog[],
): Content[] {
  const contents: Content[] = [];
  const { chainId } = at.connection;
  let actNumber: number | undefined;
  for (const log of logs) {
    const address = log.address.toLowerCase();
    const read = readers(at).get(address);
    require(read !== undefined, 'chain/node', 'the chain’s node answered with a log that was not asked for');
    const content = decodedOrForeign(log, () => read({ log, transaction, actNumber, chainId, circuitKeys }));
    // An act's number belongs to the effect that follows it, and to no other.
    actNumber = address === at.election ? executedAct(log) : undefined;
    if (content !== undefined) contents.push(content);
  }
  return joinAggregates(contents);
}

function decodedOrForeign<T>(log: MinedLog, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof UrnaError) throw error;
    const place = `log ${log.logIndex} of block ${log.blockNumber}`;
    throw new UrnaError('follow/foreign-contract', `${place}: not an event of the published contracts`);
  }
}
