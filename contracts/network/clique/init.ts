import { execFile } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Hex } from '../../../protocol/encoding.ts';
import { UrnaError } from '../../../protocol/errors.ts';
import type { CliqueNetwork, ValidatorNode } from './folder.ts';
import { makeFolder, pathsOf, writeSecret } from './folder.ts';
import { cliqueGenesis } from './genesis.ts';
import { findGeth } from './geth.ts';
import { addressOf, newKey, nodeIdOf } from '../keys.ts';

const run = promisify(execFile);

/** What a new network is to be. */
export interface CliqueOptions {
  readonly folder: string;
  readonly chainId: number;
  /** 3 to 5. */
  readonly validators: number;
  /** Seconds between blocks. */
  readonly period: number;
  readonly gasLimit: bigint;
  /** Accounts with money from the start, beside the treasury. */
  readonly funded: readonly Hex[];
}

interface NewValidator extends ValidatorNode {
  readonly key: Hex;
  /** Key of the node's network identity. */
  readonly nodeKey: Hex;
}

/**
 * Makes the folder of a Clique network: keys of validators and treasury, genesis, one configuration a node with the others as static peers.
 *
 * @throws `file/exists`, `network/geth`, `network/init`
 */
export async function initClique(options: CliqueOptions): Promise<CliqueNetwork> {
  const geth = await findGeth();
  makeFolder(options.folder);
  try {
    return await fillFolder(geth, options);
  } catch (error) {
    rmSync(options.folder, { recursive: true, force: true });
    throw error;
  }
}

async function fillFolder(geth: string, options: CliqueOptions): Promise<CliqueNetwork> {
  const paths = pathsOf(options.folder);
  const treasury = newKey();
  const created = await newValidators(options.validators);
  const network: CliqueNetwork = {
    ...{ engine: 'clique', chainId: options.chainId, period: options.period, gasLimit: String(options.gasLimit) },
    treasury: addressOf(treasury),
    validators: created.map(({ number, address, rpc, enode, ports }) => ({ number, address, rpc, enode, ports })),
  };
  writeSecret(paths.password, randomBytes(32).toString('hex'));
  writeSecret(paths.treasury, treasury);
  const genesis = cliqueGenesis({
    ...{ chainId: options.chainId, period: options.period, gasLimit: options.gasLimit },
    signers: created.map(({ address }) => address),
    funded: [network.treasury, ...options.funded],
  });
  writeFileSync(paths.genesis, `${JSON.stringify(genesis, undefined, 2)}\n`);
  for (const validator of created) await initNode(geth, options.folder, validator, created);
  // Last: a folder with it is whole.
  writeFileSync(paths.network, `${JSON.stringify(network, undefined, 2)}\n`);
  return network;
}

async function newValidators(count: number): Promise<NewValidator[]> {
  const free = await freePorts(3 * count);
  return Array.from({ length: count }, (_, i) => {
    const [key, nodeKey] = [newKey(), newKey()];
    const [rpc = 0, p2p = 0, engine = 0] = free.slice(3 * i, 3 * i + 3);
    return {
      ...{ number: i + 1, address: addressOf(key), key, nodeKey, ports: { rpc, p2p, engine } },
      ...{ rpc: `http://127.0.0.1:${rpc}`, enode: `enode://${nodeIdOf(nodeKey)}@127.0.0.1:${p2p}?discport=0` },
    };
  });
}

/** Where ports are looked for: below those that systems give to whatever connects to something, which could take one before its node is started. */
const [FIRST_PORT, LAST_PORT] = [10_000, 32_767];

/** Ports that nobody listens on now, all different: held at the same time. */
async function freePorts(count: number): Promise<number[]> {
  const servers: Server[] = [];
  while (servers.length < count) {
    const server = createServer();
    const listening = new Promise<boolean>((resolve) => {
      server
        .once('error', () => resolve(false))
        .listen(randomInt(FIRST_PORT, LAST_PORT + 1), '127.0.0.1', () => resolve(true));
    });
    if (await listening) servers.push(server);
  }
  const ports = servers.map((server) => (server.address() as { readonly port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/**
 * The others are dialled, and taken whatever the limit says. It is their number, because geth fetches a chain that is ahead of its own at once only
 * with as many peers as it may have (or five), and with fewer every ten seconds (eth/sync.go).
 */
function p2pConfig(peers: readonly string[]): string {
  const nodes = JSON.stringify(peers);
  const limits = `MaxPeers = ${Math.max(1, peers.length)}\nDialRatio = 1`;
  return `[Node.P2P]\n${limits}\nStaticNodes = ${nodes}\nTrustedNodes = ${nodes}\n`;
}

async function initNode(
  geth: string,
  folder: string,
  { number, key, nodeKey, enode }: NewValidator,
  all: readonly NewValidator[],
): Promise<void> {
  const paths = pathsOf(folder);
  const node = paths.node(number);
  mkdirSync(join(node.data, 'geth'), { recursive: true, mode: 0o700 });
  writeSecret(join(node.data, 'geth', 'nodekey'), nodeKey.slice(2));
  const peers = all.map((each) => each.enode).filter((each) => each !== enode);
  writeFileSync(node.config, p2pConfig(peers));
  // geth reads a key to import from a file only.
  const plain = join(node.home, 'key');
  writeSecret(plain, key.slice(2));
  try {
    await run(geth, ['account', 'import', '--datadir', node.data, '--password', paths.password, '--lightkdf', plain]);
    await run(geth, ['init', '--datadir', node.data, '--state.scheme', 'hash', paths.genesis]);
  } catch (error) {
    const said = (error as { readonly stderr?: string }).stderr?.trim().split('\n').at(-1) ?? '';
    throw new UrnaError('network/init', `geth could not set up validator ${number}: ${said}`);
  } finally {
    rmSync(plain, { force: true });
  }
}
