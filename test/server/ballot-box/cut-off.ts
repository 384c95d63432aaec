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
/** Milliseconds without a new block after which none is on its way to a validator that was cut off. */
const SETTLED = 3_000;
/** Seconds for what a busy machine does later, and times that the others may have to be started again ({@link othersGoOn}). */
const [PATIENCE, TRIES] = [300, 5];

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

/** Transactions to the contracts of the two elections. */
function ours({ world, proved }: LoadedNetwork, transactions: readonly Batch[]): Batch[] {
  const contracts = [world, proved.world].map(({ made }) => made.at.ballots);
  return transactions.filter(({ to }) => to !== null && contracts.includes(to));
}

/** Batches that wait in a validator's pool. */
async function waitingBatches(network: LoadedNetwork, validator: number): Promise<Batch[]> {
  const pool = (await ask(network.chain, validator, 'txpool_content', [])) as {
    readonly pending: Readonly<Record<string, Readonly<Record<string, Batch>>>>;
  };
  return ours(
    network,
    Object.values(pool.pending).flatMap((each) => Object.values(each)),
  );
}

async function batchesIn(network: LoadedNetwork, validator: number, block: Block): Promise<Batch[]> {
  const whole = await ask(network.chain, validator, 'eth_getBlockByHash', [block.hash, true]);
  return ours(network, (whole as { readonly transactions: readonly Batch[] } | null)?.transactions ?? []);
}

/** Cuts a validator off, and waits until what was on its way to it when it was has come. */
async function isolateWholly({ chain }: LoadedNetwork, validator: number): Promise<void> {
  await chain.isolate(validator);
  for (let before = ''; ; await pause(SETTLED)) {
    const { hash } = await newestBlock(chain, validator);
    if (hash === before) return;
    before = hash;
  }
}

/**
 * Cuts a validator off, on which boxes go on posting, and lets it seal nothing until its pool holds a batch that came after the cut, of which nobody else can have
 * heard; then it seals one block, in which that is, and may not seal the next one. Meanwhile the others are ahead. It stays cut off.
 */
export async function sealAlone(network: LoadedNetwork, validator: number): Promise<LonelyBlock> {
  const { chain } = network;
  const node = validatorOf(chain.network, validator);
  // What it has sealed last is so far back that it may seal the next block, whenever it is cut off.
  await othersGoOn(network, validator);
  await isolateWholly(network, validator);
  const old = new Set((await waitingBatches(network, validator)).map(({ hash }) => hash));
  const isNew = ({ hash }: Batch): boolean => !old.has(hash);
  await wait('a batch in the pool', PATIENCE, async () => (await waitingBatches(network, validator)).some(isNew));
  await mine(chain.folder, node, true);
  let lonely: LonelyBlock | undefined;
  await wait('a block of its own, and the others ahead', PATIENCE, async () => {
    const block = await newestBlock(chain, validator);
    const batches = (await batchesIn(network, validator, block)).filter(isNew);
    const isOwn = (await ask(chain, validator, 'clique_getSigner', [block.hash])) === node.address;
    if (isOwn) lonely = { ...block, batches };
    return isOwn && (await heightOf(network, 1)) >= Number(block.number) + AHEAD;
  });
  if (lonely === undefined) throw new Error('there is no block of its own');
  return lonely;
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
    const found = (await batchesIn(network, 1, block)).find(
      (each) => each.from === batch.from && each.nonce === batch.nonce,
    );
    if (found !== undefined) return { ...block, batch: found };
    height++;
  }
  throw new Error('the batch is on no block');
}
