import { setTimeout as pause } from 'node:timers/promises';
import type { CliqueNetwork, ValidatorNode } from '../../../contracts/network/clique/folder.ts';
import { readNetwork } from '../../../contracts/network/clique/folder.ts';
import { askOwner, stopNode } from '../../../contracts/network/clique/node.ts';
import { startNodes } from '../../../contracts/network/clique/start.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { at } from '../../../protocol/errors.ts';

const TRIES = 40;

/** A network's validators of three as the chain takes turns. */
interface Turns {
  readonly folder: string;
  readonly network: CliqueNetwork;
  readonly nodes: readonly ValidatorNode[];
}

/**
 * Ties two of three running validators, and leaves the third killed. A block is wanted that its sealer sealed out of turn, whose own turn is the
 * next one: that block both others have to seal out of turn. Each does so while it runs alone.
 */
export async function tie(geth: string, folder: string): Promise<void> {
  const network = readNetwork(folder);
  const nodes = [...network.validators].sort((a, b) => (a.address < b.address ? -1 : 1));
  const turns = { folder, network, nodes };
  for (let tries = 0; tries < TRIES; tries++) {
    const sealed = await sealedBeforeItsTurn(turns);
    if (sealed === undefined) continue;
    const [first, second] = nodes.filter((node) => node !== sealed) as [ValidatorNode, ValidatorNode];
    const { number } = await blockOf(folder, first);
    await Promise.all([sealed, second].map((node) => stopNode(folder, node)));
    await mine(folder, first, true);
    await sealsAbove(folder, first, number);
    await stopNode(folder, first);
    await startNodes(geth, folder, network, [second]);
    await sealsAbove(folder, second, number);
    await startNodes(geth, folder, network, [first]);
    return;
  }
  throw new Error(`no block was sealed before its sealer’s turn in ${TRIES} tries`);
}

/** Lets nobody but the one after the next seal the next block. @returns who did, and nobody seals any more; undefined, and all do, if it came otherwise */
async function sealedBeforeItsTurn({ folder, nodes }: Turns): Promise<ValidatorNode | undefined> {
  const turnOf = (number: number): ValidatorNode => at(nodes, number % nodes.length);
  const before = await blockOf(folder, at(nodes, 0));
  // The next block is on its way already; of the one after it, this is not the turn.
  const sealer = turnOf(before.number + 3);
  const others = nodes.filter((node) => node !== sealer);
  await Promise.all(others.map((node) => mine(folder, node, false)));
  await pause(3_000);
  const all = await Promise.all(nodes.map((node) => blockOf(folder, node)));
  const { number, hash } = at(all, 0);
  const isShared = all.every((each) => each.hash === hash);
  const own = await askOwner(folder, at(nodes, 0), 'clique_getSigner', [hash]);
  if (isShared && own === sealer.address && turnOf(number + 1) === sealer) return sealer;
  await Promise.all(others.map((node) => mine(folder, node, true)));
  await pause(2_000);
  return undefined;
}

/** Lets a validator seal, or not any more; it goes on reading what others seal and keeps what is sent to it. */
export async function mine(folder: string, node: ValidatorNode, does: boolean): Promise<void> {
  // geth never tries the same block twice.
  if (does) await askOwner(folder, node, 'miner_setExtra', [`again ${Date.now()}`]);
  await askOwner(folder, node, does ? 'miner_start' : 'miner_stop', []);
}

async function sealsAbove(folder: string, node: ValidatorNode, number: number): Promise<void> {
  for (let looks = 0; (await blockOf(folder, node)).number <= number; looks++) {
    if (looks === 600) throw new Error(`validator ${node.number} does not seal`);
    await pause(100);
  }
}

async function blockOf(folder: string, node: ValidatorNode): Promise<{ readonly number: number; readonly hash: Hex }> {
  const block = await askOwner(folder, node, 'eth_getBlockByNumber', ['latest', false]);
  const { number, hash } = block as { readonly number: Hex; readonly hash: Hex };
  return { number: Number(number), hash };
}
