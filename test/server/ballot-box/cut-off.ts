import { setTimeout as pause } from 'node:timers/promises';
import { validatorOf } from '../../../contracts/network/clique/folder.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { mine } from '../../contracts/network/tie.ts';
import type { Block, LoadedNetwork } from './loaded-network.ts';
import { ask, blockAt, newestBlock } from './loaded-network.ts';

/** A transaction of a box: who sends it, its number, its hash, what it is for and what it says, as nodes tell it. */
export interface Batch {
  readonly from: Hex;
  readonly nonce: Hex;
  readonly hash: Hex;
  readonly to: Hex | null;
  readonly input: Hex;
}

/** A block that one validator has sealed alone, with batches in it that nobody else has heard of. */
export interface LonelyBlock extends Block {
  readonly batches: readonly Batch[];
}

/** Blocks that the others are to be ahead: a lonely one of two is lighter then, whoever's turn it was. */
const AHEAD = 3;
/** Seconds for what a busy machine does later, and times that the others may have to be started again ({@link othersGoOn}). */
const [PATIENCE, TRIES] = [120, 5];

async function wait(what: string, seconds: number, isSo: () => Promise<boolean>): Promise<void> {
  for (const until = Date.now() + 1000 * seconds; !(await isSo()); await pause(100))
    if (Date.now() > until) throw new Error(`not in ${seconds} seconds: ${what}`);
}

async function heightOf({ chain }: LoadedNetwork, validator: number): Promise<number> {
  return Number((await newestBlock(chain, validator)).number);
}

/** Stops a validator's sealing; the others seal on, and it reads what they do. Should that tie them (contracts/network/CLIQUE.md), it seals again and is stopped anew. */
async function othersGoOn(network: LoadedNetwork, validator: number): Promise<void> {
  const { folder, network: own } = network.chain;
  const node = validatorOf(own, validator);
  for (let tries = 0; tries < TRIES; tries++) {
    await mine(folder, node, false);
    const from = await heightOf(network, validator);
    const goOn = wait(
      'the others go on',
      PATIENCE / 4,
      async () => (await heightOf(network, validator)) > from + AHEAD,
    );
    if (
      await goOn.then(
        () => true,
        () => false,
      )
    )
      return;
    await mine(folder, node, true);
    await pause(5_000);
  }
  throw new Error(`the others do not go on without validator ${validator}`);
}

/** Batches of these contracts that wait in a validator's pool, and of which the first has not heard. */
async function ownBatches({ chain, world, proved }: LoadedNetwork, validator: number): Promise<Batch[]> {
  const pool = (await ask(chain, validator, 'txpool_content', [])) as {
    readonly pending: Readonly<Record<string, Readonly<Record<string, Batch>>>>;
  };
  const ours = [world, proved.world].map(({ made }) => made.at.ballots);
  const waiting = Object.values(pool.pending).flatMap((each) => Object.values(each));
  const batches = waiting.filter(({ to }) => to !== null && ours.includes(to));
  const known = await Promise.all(batches.map(({ hash }) => ask(chain, 1, 'eth_getTransactionByHash', [hash])));
  return batches.filter((_, i) => known[i] === null);
}

/**
 * Cuts a validator off, on which boxes go on posting, and lets it seal nothing until its pool holds a batch that nobody else has heard of; then it seals
 * one block, in which that is, and may not seal the next one. Meanwhile the others are ahead. It stays cut off.
 */
export async function sealAlone(network: LoadedNetwork, validator: number): Promise<LonelyBlock> {
  const { chain } = network;
  const node = validatorOf(chain.network, validator);
  // What it has sealed last is so far back that it may seal the next block, whenever it is cut off.
  await othersGoOn(network, validator);
  await chain.isolate(validator);
  const { number } = await newestBlock(chain, validator);
  await wait('a batch in the pool', PATIENCE, async () => (await ownBatches(network, validator)).length > 0);
  await mine(chain.folder, node, true);
  await wait('a block of its own', PATIENCE, async () => (await heightOf(network, validator)) > Number(number));
  const block = await newestBlock(chain, validator);
  await wait(
    'the others are ahead',
    PATIENCE,
    async () => (await heightOf(network, 1)) >= Number(block.number) + AHEAD,
  );
  const { transactions } = (await ask(chain, validator, 'eth_getBlockByHash', [block.hash, true])) as {
    readonly transactions: readonly Batch[];
  };
  const known = await Promise.all(transactions.map(({ hash }) => ask(chain, 1, 'eth_getTransactionByHash', [hash])));
  return { ...block, batches: transactions.filter((_, i) => known[i] === null) };
}

/** The block on the chain that the first validator believes in, from a height on, in which a batch is, by its sender and number; it is waited for. */
export async function blockWith(
  network: LoadedNetwork,
  from: Hex,
  batch: Batch,
): Promise<Block & { readonly batch: Batch }> {
  const { chain } = network;
  const until = Date.now() + 1000 * PATIENCE;
  for (let height = Number(from); Date.now() < until;) {
    const block = await blockAt(chain, 1, `0x${height.toString(16)}`);
    if (block === null) {
      await pause(200);
      continue;
    }
    const { transactions } = (await ask(chain, 1, 'eth_getBlockByHash', [block.hash, true])) as {
      readonly transactions: readonly Batch[];
    };
    const found = transactions.find((each) => each.from === batch.from && each.nonce === batch.nonce);
    if (found !== undefined) return { ...block, batch: found };
    height++;
  }
  throw new Error('the batch is on no block');
}
