import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { require } from '../../../protocol/errors.ts';
import type { CliqueNetwork, ValidatorNode } from './folder.ts';
import { pathsOf } from './folder.ts';
import { LOOK, askOwner, launchNode, runningPid } from './node.ts';

/** Milliseconds that validators may take to find each other: two that dial each other at the same moment may both hang up, and dial again after 35 s. */
const MEET = 60_000;
/** Milliseconds that a validator may take to stop sealing. */
const PAUSED = 10_000;

/**
 * Starts validators that go on when this process ends. None of them seals before all that run are connected: a node that has not begun to seal
 * throws away the blocks it hears of and never asks for them again (eth/handler.go, "discarded propagated block"), so that of validators started at
 * once each may be left alone with a block of its own, on which it may not seal the next one: a chain that stands still with all of them alive.
 *
 * @throws of the first that does not start `network/running`, `network/start`; the others seal then
 */
export async function startNodes(
  geth: string,
  folder: string,
  network: CliqueNetwork,
  nodes: readonly ValidatorNode[],
): Promise<void> {
  const launched = await Promise.allSettled(nodes.map((node) => launchNode(geth, folder, network, node)));
  const running = nodes.filter((_, i) => launched[i]?.status === 'fulfilled');
  await letSeal(folder, network, running);
  throwFirst(launched);
}

function throwFirst(results: readonly PromiseSettledResult<unknown>[]): void {
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}

/** Lets validators seal that were launched, as soon as all that run are connected, or could have been. @throws `network/node` of the first that does not answer */
export async function letSeal(folder: string, network: CliqueNetwork, nodes: readonly ValidatorNode[]): Promise<void> {
  if (nodes.length === 0) return;
  const pids = await Promise.all(network.validators.map((node) => runningPid(folder, node)));
  const others = pids.filter((pid) => pid !== undefined).length - 1;
  const until = performance.now() + MEET;
  const ready = async (node: ValidatorNode): Promise<boolean> => {
    const asked = ['net_peerCount', 'eth_mining'].map((method) => askOwner(folder, node, method, []));
    const [peers, mines] = await Promise.all(asked).catch(() => []);
    return Number(peers) >= others && mines === true;
  };
  while (!(await Promise.all(nodes.map(ready))).every(Boolean) && performance.now() < until) await pause(LOOK);
  throwFirst(await Promise.allSettled(nodes.map((node) => unlock(folder, node))));
}

async function unlock(folder: string, node: ValidatorNode): Promise<void> {
  const ask = (method: string, ...params: unknown[]): Promise<unknown> => askOwner(folder, node, method, params);
  const password = readFileSync(pathsOf(folder).password, 'utf8').trim();
  // 0: until the process ends.
  await ask('personal_unlockAccount', node.address, password, 0);
  // It has tried to seal while it could not, and tries again when the chain grows or it is told to begin, but never with the same block twice.
  await ask('miner_stop');
  await ask('miner_setExtra', `urna ${Date.now()}`);
  for (const until = performance.now() + PAUSED; (await ask('eth_mining')) === true; await pause(LOOK))
    require(performance.now() < until, 'network/node', `validator ${node.number} does not answer`);
  await ask('miner_start');
}

/** {@link startNodes} for all that do not run, and for those that run and that an interrupted start did not let seal. @returns these */
export async function startIdle(geth: string, folder: string, network: CliqueNetwork): Promise<ValidatorNode[]> {
  const all = network.validators;
  const pids = await Promise.all(all.map((node) => runningPid(folder, node)));
  const locked = await Promise.all(all.map((node, i) => pids[i] !== undefined && isLocked(folder, node)));
  const idle = all.filter((_, i) => pids[i] === undefined);
  const left = all.filter((_, i) => locked[i]);
  await startNodes(geth, folder, network, idle);
  await letSeal(folder, network, left);
  return [...idle, ...left].sort((a, b) => a.number - b.number);
}

async function isLocked(folder: string, node: ValidatorNode): Promise<boolean> {
  const wallets = (await askOwner(folder, node, 'personal_listWallets', [])) as readonly { readonly status: string }[];
  return wallets.every(({ status }) => status !== 'Unlocked');
}
