import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createPublicClient, createWalletClient, defineChain, http } from 'viem';
import type { CliqueNetwork } from '../../../contracts/network/clique/folder.ts';
import { pathsOf, validatorOf } from '../../../contracts/network/clique/folder.ts';
import { findGeth } from '../../../contracts/network/clique/geth.ts';
import { initClique } from '../../../contracts/network/clique/init.ts';
import { askOwner, killNode } from '../../../contracts/network/clique/node.ts';
import { startNodes } from '../../../contracts/network/clique/start.ts';
import type { ValidatorStatus } from '../../../contracts/network/clique/status.ts';
import { progressOf, statusOf } from '../../../contracts/network/clique/status.ts';
import { developmentAccount } from '../../../contracts/network/development-accounts.ts';
import type { EmbeddedChain } from '../../../contracts/network/embedded.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { at } from '../../../protocol/errors.ts';

/** Twice as many as an election's parties: two elections fit on the chain ({@link withOtherAccounts}). */
const ACCOUNTS = 12;

/** A Clique network of this test's own, for whatever takes an embedded chain; time passes on it as it does, and nothing is taken back by hand. */
export interface CliqueTestChain extends EmbeddedChain {
  readonly folder: string;
  readonly network: CliqueNetwork;
  /** JSON-RPC address of a validator. */
  rpcOf(validator: number): string;
  kill(validator: number): Promise<void>;
  /** Starts some together. */
  start(...validators: readonly number[]): Promise<void>;
  /** Waits until all that run go on and share a block that is as deep as blocks must be to be read. */
  together(): Promise<void>;
  /** Cuts a validator off from all others, in both directions. */
  isolate(validator: number): Promise<void>;
  /** Undoes {@link isolate}. */
  rejoin(validator: number): Promise<void>;
}

/** Puts geth where `findGeth` finds it, and builds it if need be: minutes, once on a machine. */
export async function requireGeth(): Promise<string> {
  const geth = execFileSync('bash', [join(import.meta.dirname, '../../../contracts/network/geth.sh')], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  process.env['PATH'] = `${dirname(geth.trim())}:${process.env['PATH'] ?? ''}`;
  return findGeth();
}

/** Starts `validators` processes, connected, with blocks every second. @param gasLimit - of a block */
export async function startCliqueChain(validators = 3, gasLimit = 80_000_000n): Promise<CliqueTestChain> {
  const geth = await requireGeth();
  const root = mkdtempSync(join(tmpdir(), 'urna-clique-'));
  const folder = join(root, 'network');
  const funded = Array.from({ length: ACCOUNTS }, (_, i) => developmentAccount(i).address.toLowerCase() as Hex);
  const network = await initClique({
    ...{ folder, chainId: 7325, validators, period: 1, gasLimit, funded },
  });
  const start = (...some: readonly number[]): Promise<void> =>
    startNodes(
      geth,
      folder,
      network,
      some.map((number) => validatorOf(network, number)),
    );
  const together = (): Promise<void> => untilTogether(folder, network);
  const kill = async (number: number): Promise<void> => void (await killNode(folder, validatorOf(network, number)));
  const connections = async (number: number, method: 'admin_removePeer' | 'admin_addPeer'): Promise<void> => {
    const own = validatorOf(network, number);
    for (const other of network.validators.filter((each) => each !== own)) {
      await askOwner(folder, other, method, [own.enode]);
      await askOwner(folder, own, method, [other.enode]);
    }
  };
  const numbers = network.validators.map(({ number }) => number);
  const stop = async (): Promise<void> => {
    await Promise.all(numbers.map(kill));
    rmSync(root, { recursive: true, force: true });
  };
  const orphaned = (): void => numbers.forEach((number) => killNow(pathsOf(folder).node(number).pid));
  process.once('exit', orphaned);
  try {
    await start(...numbers);
    await together();
  } catch (error) {
    await stop();
    throw error;
  }
  const url = at(network.validators, 0).rpc;
  return {
    ...{ ...clientsOf(url, network.chainId), url, account: developmentAccount, folder, network, kill, start, together },
    isolate: (number) => connections(number, 'admin_removePeer'),
    rejoin: (number) => connections(number, 'admin_addPeer'),
    rpcOf: (number) => validatorOf(network, number).rpc,
    stop: () => (process.removeListener('exit', orphaned), stop()),
  };
}

/** Blocks below which validators that go on agree. */
const DEPTH = 3;
/** Milliseconds: two that failed to connect try again after 35 s, and machines may be busy. */
const TOGETHER = 180_000;

async function untilTogether(folder: string, network: CliqueNetwork): Promise<void> {
  for (const until = Date.now() + TOGETHER; ; await pause(200)) {
    const all = await statusOf(folder, network);
    if (await areTogether(network, all)) return;
    if (Date.now() > until) throw new Error(`validators do not go on together: ${JSON.stringify(all)}`);
  }
}

async function areTogether(network: CliqueNetwork, all: readonly ValidatorStatus[]): Promise<boolean> {
  const running = all.filter(({ pid }) => pid !== null);
  const connected = running.every(({ answers, peers = 0 }) => answers && peers >= running.length - 1);
  const deep = Math.min(...running.map(({ head = 0 }) => head)) - DEPTH;
  if (!connected || deep < 1 || progressOf(network, all) !== 'goes-on') return false;
  const hashes = running.map(async ({ rpc }) => {
    const { publicClient } = cliqueClients(rpc, network.chainId, 200);
    return (await publicClient.getBlock({ blockNumber: BigInt(deep) })).hash;
  });
  return new Set(await Promise.all(hashes)).size === 1;
}

/** The chain as the parties of a second election see it, who have accounts of their own. It is not theirs to stop. */
export function withOtherAccounts(chain: EmbeddedChain): EmbeddedChain {
  const other = (index: number): number => index + ACCOUNTS / 2;
  return {
    ...chain,
    account: (index) => chain.account(other(index)),
    wallet: (index) => chain.wallet(other(index)),
    stop: () => Promise.resolve(),
  };
}

/** Where nothing can be waited for any more. */
export function killNow(pidFile: string): void {
  try {
    process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGKILL');
  } catch {
    // It does not run.
  }
}

/** Clients of a Clique chain's node. @param pollingInterval - milliseconds */
export function cliqueClients(url: string, id: number, pollingInterval: number) {
  const chain = defineChain({
    ...{ id, name: 'clique', nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 } },
    rpcUrls: { default: { http: [url] } },
  });
  const transport = http(url, { retryCount: 3, timeout: 30_000 });
  const publicClient = createPublicClient({ chain, transport, pollingInterval, cacheTime: 0 });
  return {
    ...{ chain, publicClient },
    now: async (): Promise<number> => Number((await publicClient.getBlock()).timestamp),
    wallet: (index: number) => createWalletClient({ account: developmentAccount(index), chain, transport }),
  };
}

function clientsOf(url: string, id: number) {
  const clients = cliqueClients(url, id, 200);
  const { now } = clients;
  const advanceTo = async (timestamp: number): Promise<void> => {
    while ((await now()) < timestamp) await pause(200);
  };
  const impossible = (): never => {
    throw new Error('only the embedded chain does this');
  };
  return {
    ...{ ...clients, advanceTo },
    testClient: new Proxy({}, { get: impossible }) as EmbeddedChain['testClient'],
    advance: async (seconds: number) => advanceTo((await now()) + seconds),
    setNextTime: impossible,
  };
}
