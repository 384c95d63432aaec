import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UrnaError, require } from '../../../protocol/errors.ts';
import type { Hex } from '../../../protocol/encoding.ts';

/** One validator: a geth process with a folder of its own. */
export interface ValidatorNode {
  /** From 1. */
  readonly number: number;
  readonly address: Hex;
  readonly rpc: string;
  /** As other nodes dial it. */
  readonly enode: string;
  readonly ports: { readonly rpc: number; readonly p2p: number; readonly engine: number };
}

/** What `init` decided; `network.json` of the network's folder. */
export interface CliqueNetwork {
  readonly engine: 'clique';
  readonly chainId: number;
  readonly period: number;
  readonly gasLimit: string;
  /** The account with the network's money, whose key is in the folder. */
  readonly treasury: Hex;
  readonly validators: readonly ValidatorNode[];
}

/** Paths in a network's folder; `key`, `password` and `treasury` are secrets, readable for their owner only. */
export function pathsOf(folder: string) {
  const root = resolve(folder);
  const node = (number: number) => {
    const home = join(root, `node-${number}`);
    return {
      home,
      data: join(home, 'data'),
      config: join(home, 'config.toml'),
      log: join(home, 'geth.log'),
      pid: join(home, 'pid'),
      // A path of its own, and short: a socket's may have 107 bytes.
      ipc: join(home, 'ipc'),
    };
  };
  return {
    root,
    network: join(root, 'network.json'),
    genesis: join(root, 'genesis.json'),
    password: join(root, 'password'),
    treasury: join(root, 'treasury-key'),
    node,
  };
}

/** Writes a file that only its owner can read. */
export function writeSecret(path: string, text: string): void {
  writeFileSync(path, text, { mode: 0o600, flag: 'wx' });
}

/** Makes a network's folder. @throws `file/exists` if it is there */
export function makeFolder(folder: string): void {
  require(!existsSync(folder), 'file/exists', `${folder} is there already: a network keeps its keys in it`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
}

/** The network of a folder. @throws `file/missing`, `network/folder` */
export function readNetwork(folder: string): CliqueNetwork {
  const path = pathsOf(folder).network;
  require(existsSync(path), 'file/missing', `${path} is missing: "urna network init" makes a network`);
  const network = parse(readFileSync(path, 'utf8'));
  const whole = network?.engine === 'clique' && Array.isArray(network.validators) && network.validators.length > 0;
  require(whole, 'network/folder', `${path} is not a network that runs here`);
  return network;
}

function parse(text: string): CliqueNetwork | undefined {
  try {
    return JSON.parse(text) as CliqueNetwork;
  } catch {
    return undefined;
  }
}

/** The validator of this number. @throws `network/validator` */
export function validatorOf({ validators }: CliqueNetwork, number: number): ValidatorNode {
  const found = validators.find((each) => each.number === number);
  if (found === undefined) {
    throw new UrnaError('network/validator', `there is no validator ${number}: they are 1 to ${validators.length}`);
  }
  return found;
}
