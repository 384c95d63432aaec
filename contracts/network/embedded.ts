import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import type { HDAccount, PublicClient, TestClient, Transport, Chain, WalletClient } from 'viem';
import { createPublicClient, createTestClient, createWalletClient, defineChain, http, publicActions } from 'viem';
import { MNEMONIC, developmentAccount } from './development-accounts.ts';
import { chainProfile } from './profiles.ts';

/** Seconds between two writes of a chain's file: what a chain that is killed may forget. */
const STATE_INTERVAL = 5;
const { newChain: NEW } = chainProfile('embedded');

/** How to start the embedded chain; every value has a default. */
export interface EmbeddedOptions {
  readonly chainId?: number;
  /** Gas limit of a block. */
  readonly gasLimit?: number;
  /** Funded accounts, and ether of each; default 10,000. */
  readonly accounts?: number;
  readonly ether?: number;
  /** Rules of the EVM; default London's, as Clique has them. */
  readonly hardfork?: 'london' | 'cancun';
  /** Wei; default a billion. */
  readonly baseFee?: number;
  /** Unix seconds of the genesis block; default now. */
  readonly timestamp?: number;
  /** TCP port; default any free one. */
  readonly port?: number;
  /** File that holds the chain between runs; default none, the chain is forgotten. */
  readonly stateFile?: string;
}

/** A running embedded development chain: anvil, with London's rules (base fee, no PUSH0) unless others were asked for. */
export interface EmbeddedChain {
  readonly url: string;
  readonly chain: Chain;
  readonly publicClient: PublicClient<Transport, Chain>;
  readonly testClient: TestClient<'anvil', Transport, Chain>;
  /** The `index`-th funded development account. */
  account(index: number): HDAccount;
  /** A client that signs as the `index`-th development account. */
  wallet(index: number): WalletClient<Transport, Chain, HDAccount>;
  /** Block time of the newest block, Unix seconds. */
  now(): Promise<number>;
  /** Makes `seconds` pass and mines a block. */
  advance(seconds: number): Promise<void>;
  /** Mines a block at exactly `timestamp` (Unix seconds). @throws if that is not after the newest block */
  advanceTo(timestamp: number): Promise<void>;
  /** Sets the time of the block that the next transaction is mined in, without mining one. */
  setNextTime(timestamp: number): Promise<void>;
  stop(): Promise<void>;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => {
        resolve(port);
      });
    });
  });
}

/** The program itself rather than npm's wrapper: killing a wrapper leaves its child behind. */
function anvilPath(): string {
  const platform = process.platform === 'win32' ? 'win32' : process.platform;
  const architecture = process.arch === 'x64' ? 'amd64' : process.arch;
  const wrapper = createRequire(import.meta.url).resolve('@foundry-rs/anvil/bin.mjs');
  const packageName = `@foundry-rs/anvil-${platform}-${architecture}`;
  const manifest = createRequire(wrapper).resolve(`${packageName}/package.json`);
  const program = join(dirname(manifest), 'bin', process.platform === 'win32' ? 'anvil.exe' : 'anvil');
  if (!existsSync(program)) throw new Error(`${packageName} holds no anvil program: run npm install`);
  return program;
}

function start(port: number, options: EmbeddedOptions): ChildProcess {
  const flags: Record<string, string | number> = {
    '--host': '127.0.0.1',
    '--port': port,
    '--chain-id': options.chainId ?? NEW.chainId,
    '--hardfork': options.hardfork ?? 'london',
    '--gas-limit': options.gasLimit ?? Number(NEW.gasLimit),
    '--accounts': options.accounts ?? 20,
    '--mnemonic': MNEMONIC,
    '--threads': 2,
  };
  if (options.ether !== undefined) flags['--balance'] = options.ether;
  if (options.baseFee !== undefined) flags['--base-fee'] = options.baseFee;
  if (options.timestamp !== undefined) flags['--timestamp'] = options.timestamp;
  if (options.stateFile !== undefined) {
    flags['--state'] = options.stateFile;
    flags['--state-interval'] = STATE_INTERVAL;
  }
  const args = Object.entries(flags).flatMap(([flag, value]) => [flag, String(value)]);
  return spawn(anvilPath(), args, { stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Waits for the program's own word that it listens: an answer on the port might be another program's. */
function untilReady(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    const fail = (): void => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      reject(new Error(`the embedded chain did not start: ${said.trim().slice(-500)}`));
    };
    const timer = setTimeout(fail, 20_000);
    const listen = (text: string): void => {
      said += text;
      if (!said.includes('Listening on')) return;
      clearTimeout(timer);
      child.removeListener('exit', fail).stdout?.removeListener('data', listen).resume();
      child.stderr?.removeListener('data', listen).resume();
      resolve();
    };
    child.stdout?.setEncoding('utf8').on('data', listen);
    child.stderr?.setEncoding('utf8').on('data', listen);
    child.once('exit', fail).once('error', fail);
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

/**
 * Starts a private anvil on a free port and waits until it answers. Contract size is limited as on every other chain. The process is killed with ours.
 *
 * @returns the chain; call `stop` when done
 */
export async function startEmbeddedChain(options: EmbeddedOptions = {}): Promise<EmbeddedChain> {
  const port = options.port ?? (await freePort());
  const url = `http://127.0.0.1:${port}`;
  const chain = defineChain({
    id: options.chainId ?? NEW.chainId,
    name: 'embedded',
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [url] } },
  });
  const transport = http(url, { retryCount: 0, timeout: 60_000 });
  const child = start(port, options);
  const killed = (): void => {
    child.kill('SIGKILL');
  };
  process.once('exit', killed);
  await untilReady(child).catch((error: unknown) => {
    process.removeListener('exit', killed);
    throw error;
  });
  const publicClient = createPublicClient({ chain, transport, pollingInterval: 20, cacheTime: 0 });
  const testClient = createTestClient({ chain, mode: 'anvil', transport }).extend(publicActions);
  await testClient.setLoggingEnabled(false);
  const advanceTo = async (timestamp: number): Promise<void> => {
    await testClient.setNextBlockTimestamp({ timestamp: BigInt(timestamp) });
    await testClient.mine({ blocks: 1 });
  };
  const now = async (): Promise<number> => Number((await publicClient.getBlock()).timestamp);
  return {
    url,
    chain,
    publicClient,
    testClient,
    account: developmentAccount,
    wallet: (index) => createWalletClient({ account: developmentAccount(index), chain, transport }),
    now,
    advance: async (seconds) => advanceTo((await now()) + seconds),
    advanceTo,
    setNextTime: (timestamp) => testClient.setNextBlockTimestamp({ timestamp: BigInt(timestamp) }),
    stop: async () => {
      process.removeListener('exit', killed);
      await stop(child);
    },
  };
}
