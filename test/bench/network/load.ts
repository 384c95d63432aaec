import { setTimeout as pause } from 'node:timers/promises';
import type { TransactionReceipt } from 'viem';
import { encodeFunctionData } from 'viem';
import { encodeBatch } from '../../../contracts/ballots/batch.ts';
import { awaitReceipt } from '../../../contracts/client/transact.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { hashWords } from '../../../protocol/hash.ts';
import type { OpenElection, Step } from '../../contracts/ballots/open-election.ts';
import type { CliqueTestChain } from '../../contracts/network/clique-chain.ts';
import { allKnow, sendToFullPool } from './nodes.ts';

export const BATCH = 100;
/** The fixture's poll of eight options in four lanes, and an account that is nobody's. */
export const POLL = 3;
export const SENDER = 4;
/** What all vote for. */
export const VALUES = [1n, 0n, 0n, 0n, 0n, 0n, 0n, 0n];
/** Wei of each gas: more than the base fee rises to in minutes of full blocks. */
const MOST_WEI = 10n ** 15n;
/** Milliseconds between two looks at the newest block, and at a receipt: whoever asks often takes the node's time. */
const [LOOK, ASK] = [40, 200];
const CONFIRMATION = { confirmations: 0, pollingInterval: ASK };

/** First casts of that many batches, the first of them after `from`. */
export function casts(election: OpenElection, from: number, batches: number, size = BATCH): Step[][] {
  return Array.from({ length: batches }, (_, batch) =>
    Array.from({ length: size }, (_, i) => {
      // As long as a real one: calldata charges less for zero bytes.
      const nullifier = hashWords('bench', [BigInt(from + batch * size + i)]) >> 3n;
      return election.vote(POLL, nullifier, VALUES);
    }),
  );
}

/** Signs a batch a transaction, with the account's next numbers. @param gas - of each */
export async function signed(election: OpenElection, batches: readonly Step[][], gas: bigint): Promise<Hex[]> {
  const { chain, ballots } = election.world;
  const account = chain.account(SENDER);
  const next = await chain.publicClient.getTransactionCount({ address: account.address, blockTag: 'pending' });
  return Promise.all(
    batches.map((steps, i) => {
      const { firsts, laters } = encodeBatch(steps.map(({ posted }) => posted));
      const data = encodeFunctionData({
        abi: ballots.abi,
        functionName: 'update',
        args: [BigInt(POLL), firsts, laters],
      });
      const fees = { maxFeePerGas: MOST_WEI, maxPriorityFeePerGas: 1n };
      const transaction = { ...fees, to: ballots.address, data, gas, nonce: next + i, chainId: chain.chain.id };
      return account.signTransaction({ ...transaction, type: 'eip1559' });
    }),
  );
}

/** Posts one cast, then a batch: the first of a poll is dearer. @returns gas of the batch */
export async function warmUp(election: OpenElection): Promise<bigint> {
  const [one = []] = casts(election, 0, 1);
  await election.post(POLL, one.slice(0, 1), SENDER);
  const [whole = []] = casts(election, BATCH, 1);
  const { skipped, receipt } = await election.post(POLL, whole, SENDER);
  if (skipped !== 0n) throw new Error('the measured batch has skipped entries');
  return receipt.gasUsed;
}

/** What a full pool gave. */
export interface Sustained {
  readonly updatesPerSecond: number;
  readonly gasPerSecond: number;
  /** Gas used of the gas that blocks have, from 0 to 1. */
  readonly fill: number;
}

/** Batches that a block holds; each needs `used` of the `gas` it may take. */
export function batchesInBlock(gasLimit: bigint, used: bigint, gas: bigint): number {
  return Number((gasLimit - gas) / used) + 1;
}

/** Fills the pools and waits until every validator has everything on its chain: between the first block with a batch and the last, no pool is ever empty. */
export async function saturate(chain: CliqueTestChain, transactions: readonly Hex[]): Promise<Sustained> {
  const hashes = await sendToFullPool(chain, transactions);
  const looks: Look[] = [];
  let watching = true;
  const watch = (async () => {
    while (watching) {
      const { number } = await chain.publicClient.getBlock();
      looks.push({ newest: Number(number), at: performance.now() / 1000 });
      await pause(LOOK);
    }
  })();
  // The account's numbers are used in order: with the last, all are there.
  const receipts: TransactionReceipt[] = [];
  for (const hash of hashes.toReversed()) receipts.push(await awaitReceipt(chain.publicClient, hash, CONFIRMATION));
  watching = false;
  await watch;
  await allKnow(chain, Math.max(...receipts.map(({ blockNumber }) => Number(blockNumber))));
  return sustainedBy(chain, receipts, looks);
}

/** The newest block, as a node told at a time in seconds. */
interface Look {
  readonly newest: number;
  readonly at: number;
}

async function sustainedBy(
  chain: CliqueTestChain,
  receipts: readonly TransactionReceipt[],
  looks: readonly Look[],
): Promise<Sustained> {
  if (receipts.some(({ status }) => status !== 'success')) throw new Error('a measured batch was refused');
  const numbers = receipts.map(({ blockNumber }) => Number(blockNumber));
  const [first, last] = [Math.min(...numbers), Math.max(...numbers)];
  if (last - first < 2) throw new Error('too few blocks to measure anything');
  const between = Array.from({ length: last - first + 1 }, (_, i) => BigInt(first + i));
  const blocks = await Promise.all(between.map((blockNumber) => chain.publicClient.getBlock({ blockNumber })));
  // Not by the blocks' own times: those are whole seconds, and of when a block was begun. Empty ones may follow within milliseconds.
  const reached = (number: number): number => looks.find(({ newest }) => newest >= number)?.at ?? NaN;
  const seconds = reached(last) - reached(first);
  const counted = receipts.filter(({ blockNumber }) => Number(blockNumber) > first);
  const gas = counted.reduce((sum, { gasUsed }) => sum + gasUsed, 0n);
  // The last block holds what was left.
  const full = blocks.slice(1, -1);
  const fill = full.reduce((sum, { gasUsed, gasLimit }) => sum + Number(gasUsed) / Number(gasLimit), 0) / full.length;
  return { updatesPerSecond: (counted.length * BATCH) / seconds, gasPerSecond: Number(gas) / seconds, fill };
}

/** Seconds from sending a batch to its confirmations, of batches sent evenly at `updatesPerSecond`. */
export async function latencies(
  chain: CliqueTestChain,
  transactions: readonly Hex[],
  updatesPerSecond: number,
  confirmations: number,
): Promise<number[]> {
  const { publicClient } = chain;
  const waits = transactions.map(async (serializedTransaction, i) => {
    await pause((1000 * BATCH * i) / updatesPerSecond);
    const begun = performance.now();
    const hash = await publicClient.sendRawTransaction({ serializedTransaction });
    await awaitReceipt(publicClient, hash, { confirmations, pollingInterval: ASK / 2 });
    return (performance.now() - begun) / 1000;
  });
  return Promise.all(waits);
}
