import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { pathsOf, validatorOf } from '../../../contracts/network/clique/folder.ts';
import { askOwner, runningPid, stopNode } from '../../../contracts/network/clique/node.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import type { CliqueTestChain } from '../../contracts/network/clique-chain.ts';
import { mine } from '../../contracts/network/tie.ts';

/** Ticks a second of processor times in /proc, the same on every Linux. */
const TICKS = 100;

/** Seconds of processor time of all validators so far, to a hundredth. */
export async function processorTime({ folder, network }: CliqueTestChain): Promise<number> {
  const pids = await Promise.all(network.validators.map((node) => runningPid(folder, node)));
  const ticks = pids.map((pid) => {
    // After the name, which may hold anything: state is the first member, user and system time the 12th and 13th.
    const members =
      readFileSync(`/proc/${pid ?? 'self'}/stat`, 'utf8')
        .split(') ')
        .at(-1)
        ?.split(' ') ?? [];
    return Number(members[11]) + Number(members[12]);
  });
  return ticks.reduce((sum, each) => sum + each, 0) / TICKS;
}

/** Bytes of the last validator's data, everything written down: it is stopped for that. */
export async function storedBytes({ folder, network, start }: CliqueTestChain): Promise<number> {
  const node = validatorOf(network, network.validators.length);
  await stopNode(folder, node);
  const bytes = execFileSync('du', ['-sb', pathsOf(folder).node(node.number).data]).toString();
  await start(node.number);
  return parseInt(bytes, 10);
}

/** Waits until every validator has that block, or another of its number. */
export async function allKnow({ folder, network }: CliqueTestChain, number: number): Promise<void> {
  const knows = async (node: (typeof network.validators)[number]): Promise<boolean> =>
    Number(await askOwner(folder, node, 'eth_blockNumber', [])) >= number;
  while (!(await Promise.all(network.validators.map(knows))).every(Boolean)) await pause(200);
}

/** Sends transactions while nobody seals, so that a block is made of all of them and not again for each that comes, and lets all seal once every validator has all. */
export async function sendToFullPool(chain: CliqueTestChain, transactions: readonly Hex[]): Promise<Hex[]> {
  const { folder, network } = chain;
  await Promise.all(network.validators.map((node) => mine(folder, node, false)));
  const hashes: Hex[] = [];
  for (const serializedTransaction of transactions)
    hashes.push(await chain.publicClient.sendRawTransaction({ serializedTransaction }));
  const waits = async (node: (typeof network.validators)[number]): Promise<boolean> => {
    const { pending } = (await askOwner(folder, node, 'txpool_status', [])) as { readonly pending: Hex };
    return Number(pending) >= transactions.length;
  };
  while (!(await Promise.all(network.validators.map(waits))).every(Boolean)) await pause(200);
  await Promise.all(network.validators.map((node) => mine(folder, node, true)));
  return hashes;
}
