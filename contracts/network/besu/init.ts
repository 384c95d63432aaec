import { chmodSync, chownSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { isIPv4 } from 'node:net';
import { join } from 'node:path';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import type { Hex } from '../../../protocol/encoding.ts';
import { decodeHex } from '../../../protocol/encoding.ts';
import { require } from '../../../protocol/errors.ts';
import { makeFolder, pathsOf, writeSecret } from '../clique/folder.ts';
import { addressOfNode, newKey, nodeIdOf } from '../keys.ts';
import type { ComposeUser } from './compose.ts';
import { RPC_HOST, composeFile, hostOf } from './compose.ts';
import { qbftGenesis } from './genesis.ts';
import type { BesuOptions } from './node-config.ts';
import { P2P_PORT, permissionsFile, rpcOptions, toml, validatorOptions } from './node-config.ts';

/** A validator whose operator made its key and keeps it: 64 bytes of the public key in hexadecimal, and the machine's IPv4 address. */
export interface KnownValidator {
  readonly nodeId: string;
  readonly host: string;
}

/** What a new network is to be. */
export interface BesuNetworkOptions {
  readonly folder: string;
  readonly chainId: number;
  readonly period: number;
  readonly gasLimit: bigint;
  /** How many keys to make here, or validators whose keys were made by their operators. */
  readonly validators: number | readonly KnownValidator[];
  /** Accounts that may send transactions. */
  readonly accounts: readonly Hex[];
  /** Names under which the public node is asked. */
  readonly rpcHosts: readonly string[];
}

interface Node {
  readonly name: string;
  readonly nodeId: string;
  readonly host: string;
  /** Only of a node whose key was made here. */
  readonly key?: Hex;
}

/** What `init` decided; `network.json` of the network's folder. */
export interface BesuNetwork {
  readonly engine: 'besu-qbft';
  readonly chainId: number;
  readonly period: number;
  readonly gasLimit: string;
  readonly accounts: readonly Hex[];
  readonly validators: readonly { readonly number: number; readonly address: Hex; readonly enode: string }[];
}

/** A validator as `<public key>@<IPv4 address>`. @throws `network/key` */
export function readKnownValidator(text: string): KnownValidator {
  const [key = '', host = '', ...more] = text.toLowerCase().split('@');
  const nodeId = key.replace(/^0x/u, '');
  require(isPoint(nodeId) &&
    isIPv4(host) &&
    more.length ===
      0, 'network/key', 'a validator is given as its public key, 128 hexadecimal digits as "besu public-key export" writes them, then @ and its machine’s IPv4 address');
  return { nodeId, host };
}

function isPoint(nodeId: string): boolean {
  try {
    secp256k1.Point.fromBytes(decodeHex(`0x04${nodeId}`, 65)).assertValidity();
    return true;
  } catch {
    return false;
  }
}

/** Makes the folder of a Besu network: genesis, one folder a node, compose file. @throws `file/exists`, `network/signers` */
export function initBesu(options: BesuNetworkOptions): BesuNetwork {
  makeFolder(options.folder);
  try {
    return fillFolder(options);
  } catch (error) {
    rmSync(options.folder, { recursive: true, force: true });
    throw error;
  }
}

function newNode(name: string, host: string): Node {
  const key = newKey();
  return { name, host, key, nodeId: nodeIdOf(key) };
}

/** What Besu takes for its own address where nothing is said: the public node is the one that dials. */
const NOBODY_DIALS = '127.0.0.1';

const enodeOf = ({ nodeId, host }: Node): string => `enode://${nodeId}@${host}:${P2P_PORT}`;

function nodesOf(validators: BesuNetworkOptions['validators']): Node[] {
  if (typeof validators === 'number') {
    return Array.from({ length: validators }, (_, i) => newNode(`validator-${i + 1}`, hostOf(i + 1)));
  }
  const hosts = new Set(validators.map(({ host }) => host));
  require(hosts.size === validators.length, 'network/signers', 'each validator needs a machine of its own');
  return validators.map((each, i) => ({ name: `validator-${i + 1}`, ...each }));
}

function fillFolder(options: BesuNetworkOptions): BesuNetwork {
  const { chainId, period, gasLimit, accounts } = options;
  const validators = nodesOf(options.validators);
  const together = typeof options.validators === 'number';
  const addresses = validators.map(({ nodeId }) => addressOfNode(nodeId));
  const paths = pathsOf(options.folder);
  writeJson(paths.genesis, qbftGenesis({ chainId, period, gasLimit, validators: addresses }));
  const user = owner();
  for (const node of validators) {
    const peers = validators.filter((each) => each !== node).map(enodeOf);
    writeNode(paths.root, node, validatorOptions({ ...node, gasLimit }), peers, accounts, user);
  }
  const rpc = newNode('rpc', together ? RPC_HOST : NOBODY_DIALS);
  writeNode(
    paths.root,
    rpc,
    rpcOptions({ ...rpc, gasLimit }, options.rpcHosts),
    validators.map(enodeOf),
    accounts,
    user,
  );
  const composed = [...validators, rpc].map((node) => {
    const role = node === rpc ? ('rpc' as const) : ('validator' as const);
    return { name: node.name, folder: node.name, role, ...(together && { address: node.host }) };
  });
  writeFileSync(join(paths.root, 'compose.yaml'), composeFile(composed, user));
  const network: BesuNetwork = {
    ...{ engine: 'besu-qbft', chainId, period, gasLimit: String(gasLimit), accounts },
    validators: validators.map((node, i) => ({
      ...{ number: i + 1, address: addressOfNode(node.nodeId), enode: enodeOf(node) },
    })),
  };
  // Last: a folder with it is whole.
  writeJson(paths.network, network);
  return network;
}

/** A file that Besu's user can read whatever the mask of this process. */
function writeReadable(path: string, text: string): void {
  writeFileSync(path, text);
  chmodSync(path, 0o644);
}

function writeJson(path: string, value: unknown): void {
  writeReadable(path, `${JSON.stringify(value, undefined, 2)}\n`);
}

/** Besu never runs as root: what root makes is for the image's own user. */
function owner(): ComposeUser {
  const [uid, gid] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0];
  return uid === 0 ? { uid: 1_000, gid: 1_000 } : { uid, gid };
}

function writeNode(
  root: string,
  node: Node,
  options: BesuOptions,
  peers: readonly string[],
  accounts: readonly Hex[],
  user: ComposeUser,
): void {
  const data = join(root, node.name, 'data');
  mkdirSync(data, { recursive: true, mode: 0o700 });
  writeReadable(join(root, node.name, 'config.toml'), toml(options));
  writeJson(join(data, 'static-nodes.json'), peers);
  writeFileSync(join(data, 'permissions_config.toml'), permissionsFile(accounts), { mode: 0o600 });
  if (node.key !== undefined) writeSecret(join(data, 'key'), node.key);
  if (process.getuid?.() === 0) {
    const names = ['', 'static-nodes.json', 'permissions_config.toml', ...(node.key === undefined ? [] : ['key'])];
    for (const name of names) chownSync(join(data, name), user.uid, user.gid);
  }
}
