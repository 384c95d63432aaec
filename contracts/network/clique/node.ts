import { execFile, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { createPublicClient, http } from 'viem';
import { ipc } from 'viem/node';
import { UrnaError, require } from '../../../protocol/errors.ts';
import type { CliqueNetwork, ValidatorNode } from './folder.ts';
import { pathsOf } from './folder.ts';

const run = promisify(execFile);

/** Milliseconds that a node may take until it answers, and to end when asked to: it writes what it holds in memory. */
const START = 60_000;
const END = 30_000;
export const LOOK = 100;

/** How geth is called for a validator. */
export function gethArguments(folder: string, { chainId, gasLimit }: CliqueNetwork, node: ValidatorNode): string[] {
  const paths = pathsOf(folder);
  const own = paths.node(node.number);
  const { rpc, p2p, engine } = node.ports;
  const flags: Readonly<Record<string, string | number>> = {
    ...{ config: own.config, datadir: own.data, networkid: chainId, ipcpath: own.ipc },
    ...{ syncmode: 'full', gcmode: 'archive', cache: 256, verbosity: 3 },
    ...{ port: p2p, nat: 'none', netrestrict: '127.0.0.0/8' },
    ...{ 'http.addr': '127.0.0.1', 'http.port': rpc, 'http.api': 'eth,net,web3,clique,txpool' },
    ...{ 'authrpc.addr': '127.0.0.1', 'authrpc.port': engine },
    ...{ 'miner.etherbase': node.address, 'miner.gaslimit': gasLimit, 'miner.gasprice': 1 },
    // Boxes are few and send much: what one account may have in the pool, and all together.
    ...{ 'txpool.pricelimit': 1, 'txpool.accountslots': 256, 'txpool.globalslots': 8192, 'rpc.txfeecap': 0 },
  };
  const pairs = Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, String(value)]);
  // Its account stays locked until the others are there: `letSeal`, which needs `personal` on the socket.
  const owner = ['--allow-insecure-unlock', '--rpc.enabledeprecatedpersonal'];
  return [...pairs, '--nodiscover', '--http', '--mine', ...owner, '--txpool.nolocals'];
}

/** Starts a validator's process, which goes on when this one ends and seals nothing yet ({@link startNodes}). @throws `network/running`, `network/start` with the end of what it logged */
export async function launchNode(
  geth: string,
  folder: string,
  network: CliqueNetwork,
  node: ValidatorNode,
): Promise<void> {
  const { log, pid, ipc: socket } = pathsOf(folder).node(node.number);
  const known = await runningPid(folder, node);
  require(known === undefined, 'network/running', `validator ${node.number} runs already`);
  rmSync(socket, { force: true });
  const output = openSync(log, 'a', 0o600);
  const child = spawn(geth, gethArguments(folder, network, node), {
    detached: true,
    stdio: ['ignore', output, output],
  });
  child.unref();
  closeSync(output);
  if (child.pid !== undefined) writeFileSync(pid, String(child.pid), { mode: 0o600 });
  const until = performance.now() + START;
  // The socket is this process's own; at the port another program may answer, and this one end.
  while (!existsSync(socket) || !(await answers(node))) {
    const ended = child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
    if (ended || performance.now() > until) {
      child.kill('SIGKILL');
      throw new UrnaError('network/start', `validator ${node.number} did not start: ${lastLine(log)}`);
    }
    await pause(LOOK);
  }
}

function lastLine(log: string): string {
  return existsSync(log) ? (readFileSync(log, 'utf8').trim().split('\n').at(-1) ?? '') : '';
}

async function answers({ rpc }: ValidatorNode): Promise<boolean> {
  const client = createPublicClient({ transport: http(rpc, { retryCount: 0, timeout: 2_000 }) });
  return client.getChainId().then(
    () => true,
    () => false,
  );
}

/** The validator's process, if it runs; a number that another program has by now is none. */
export async function runningPid(folder: string, { number }: ValidatorNode): Promise<number | undefined> {
  const { pid: file, data } = pathsOf(folder).node(number);
  if (!existsSync(file)) return undefined;
  const pid = Number(readFileSync(file, 'utf8'));
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
  const { stdout } = await run('ps', ['-ww', '-o', 'stat=,args=', '-p', String(pid)]).catch(() => ({ stdout: '' }));
  return stdout.includes(data) && !stdout.trimStart().startsWith('Z') ? pid : undefined;
}

/** Ends a validator as a power cut does; nothing if it does not run. @returns whether it ran */
export async function killNode(folder: string, node: ValidatorNode): Promise<boolean> {
  return endNode(folder, node, 'SIGKILL');
}

/** Ends a validator in its order. @returns whether it ran @throws `network/stop` if it does not end */
export async function stopNode(folder: string, node: ValidatorNode): Promise<boolean> {
  return endNode(folder, node, 'SIGTERM');
}

async function endNode(folder: string, node: ValidatorNode, signal: 'SIGKILL' | 'SIGTERM'): Promise<boolean> {
  const pid = await runningPid(folder, node);
  if (pid === undefined) return false;
  process.kill(pid, signal);
  const until = performance.now() + END;
  while ((await runningPid(folder, node)) !== undefined) {
    require(performance.now() < until, 'network/stop', `validator ${node.number} (process ${pid}) does not end`);
    await pause(LOOK);
  }
  rmSync(pathsOf(folder).node(node.number).pid, { force: true });
  return true;
}

/** Calls a method that a node takes from its owner alone, over its socket. @throws `network/node` */
export async function askOwner(
  folder: string,
  node: ValidatorNode,
  method: string,
  params: unknown[],
): Promise<unknown> {
  const socketFile = pathsOf(folder).node(node.number).ipc;
  require(existsSync(socketFile), 'network/node', `validator ${node.number} does not run`);
  // With other options than none, `getRpcClient` below would give another connection than the one that was used.
  const client = createPublicClient({ transport: ipc(socketFile) });
  try {
    return await client.request({ method, params } as never);
  } catch {
    throw new UrnaError('network/node', `validator ${node.number} does not answer`);
  } finally {
    const socket = await client.transport.getRpcClient().catch(() => undefined);
    socket?.close();
  }
}
