import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { basename, dirname, join, posix, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Abi, Hex } from 'viem';
import { EVM_VERSION } from './network/profiles.ts';

/** The largest deployed contract the chain takes, in bytes (EIP-170); deployed code must stay below it. */
export const CODE_SIZE_LIMIT = 24_576;

/** One compiled contract. `bytecode` is creation code, without constructor arguments. */
export interface Compiled {
  readonly name: string;
  readonly abi: Abi;
  readonly bytecode: Hex;
  /** Runtime code with zeros where immutables stand. */
  readonly deployedBytecode: Hex;
  /** Byte offsets and lengths of the immutables inside `deployedBytecode`. */
  readonly immutables: readonly { readonly start: number; readonly length: number }[];
  /** Bytes of deployed code. */
  readonly size: number;
  /** sha256 of settings, compiler and all sources the contract is made of. */
  readonly sourceHash: string;
}

// No metadata, so that equal code means equal sources.
const SETTINGS = {
  evmVersion: EVM_VERSION,
  viaIR: true,
  optimizer: { enabled: true, runs: 1_000_000 },
  metadata: { appendCBOR: false, bytecodeHash: 'none' },
  outputSelection: {
    '*': {
      '*': ['abi', 'evm.bytecode.object', 'evm.deployedBytecode.object', 'evm.deployedBytecode.immutableReferences'],
    },
  },
};

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const BUILD = join(ROOT, 'build', 'contracts');
const SOURCE_FOLDERS = ['contracts', 'test/contracts/harness'];

function soliditySources(folder: string): string[] {
  const path = join(ROOT, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.sol'))
    .map((file) => posix.join(folder, file.split('\\').join('/')))
    .sort();
}

/** Names of the contracts that are deployed: every file of contracts/ that is not an interface. Inlined libraries compile to a few bytes. */
export function contractNames(): string[] {
  return soliditySources('contracts')
    .map((file) => basename(file, '.sol'))
    .filter((name) => !/^I[A-Z]/.test(name));
}

function sourceOf(name: string): string {
  const found = SOURCE_FOLDERS.flatMap(soliditySources).filter((file) => basename(file, '.sol') === name);
  const [file, second] = found;
  if (file === undefined) throw new Error(`no Solidity source named ${name}.sol`);
  if (second !== undefined) throw new Error(`two Solidity sources named ${name}.sol: ${file}, ${second}`);
  return file;
}

/** The file and everything it imports, by path from the project's root. */
function closure(entry: string): Map<string, string> {
  const sources = new Map<string, string>();
  const open = [entry];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (sources.has(file)) continue;
    const content = readFileSync(join(ROOT, file), 'utf8');
    sources.set(file, content);
    for (const [, target] of content.matchAll(/^\s*(?:import|\})[^;]*?["']([^"']+)["'];/gm)) {
      if (target !== undefined) open.push(posix.join(posix.dirname(file), target));
    }
  }
  return sources;
}

function solcVersion(): string {
  const manifest = createRequire(import.meta.url).resolve('solc/package.json');
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}

function hashSources(sources: ReadonlyMap<string, string>): string {
  const hash = createHash('sha256').update(JSON.stringify([solcVersion(), SETTINGS]));
  for (const [file, content] of [...sources].sort(([a], [b]) => (a < b ? -1 : 1)))
    hash.update(JSON.stringify([file, content]));
  return hash.digest('hex');
}

interface Bytecode {
  readonly object: string;
  readonly immutableReferences?: Record<string, { start: number; length: number }[]>;
}
interface Output {
  readonly errors?: { severity: string; formattedMessage: string }[];
  readonly contracts?: Record<
    string,
    Record<string, { abi: Abi; evm: { bytecode: Bytecode; deployedBytecode: Bytecode } }>
  >;
}

/** Runs solc in its own process: its 10 MB of generated JavaScript neither stay in memory nor meet jest's module loader. */
function runSolc(sources: ReadonlyMap<string, string>): Output {
  const input = {
    language: 'Solidity',
    sources: Object.fromEntries([...sources].map(([file, content]) => [file, { content }])),
    settings: SETTINGS,
  };
  const solc = createRequire(import.meta.url).resolve('solc/solc.js');
  // Into a file: solc.js exits right after writing, and what a pipe has not taken by then is lost.
  mkdirSync(BUILD, { recursive: true });
  const path = join(BUILD, `solc-${process.pid}.out`);
  const file = openSync(path, 'w');
  const run = spawnSync(process.execPath, ['--stack-size=4000', solc, '--standard-json'], {
    cwd: ROOT,
    input: JSON.stringify(input),
    encoding: 'utf8',
    stdio: ['pipe', file, 'pipe'],
  });
  closeSync(file);
  const text = readFileSync(path, 'utf8');
  rmSync(path);
  const start = text.indexOf('{');
  if (run.status !== 0 || start < 0) throw new Error(`solc failed: ${run.stderr}${text.slice(0, 2000)}`);
  return JSON.parse(text.slice(start)) as Output;
}

function compile(name: string, { entry, sources, sourceHash }: Source): Compiled {
  const output = runSolc(sources);
  const messages = (output.errors ?? []).filter(({ severity }) => severity !== 'info');
  if (messages.length > 0) throw new Error(messages.map(({ formattedMessage }) => formattedMessage).join('\n'));
  const contract = output.contracts?.[entry]?.[name];
  if (contract === undefined) throw new Error(`${entry} holds no contract ${name}`);
  const { bytecode, deployedBytecode } = contract.evm;
  return {
    name,
    abi: contract.abi,
    bytecode: `0x${bytecode.object}`,
    deployedBytecode: `0x${deployedBytecode.object}`,
    immutables: Object.values(deployedBytecode.immutableReferences ?? {}).flat(),
    size: deployedBytecode.object.length / 2,
    sourceHash,
  };
}

interface Source {
  readonly entry: string;
  readonly sources: ReadonlyMap<string, string>;
  readonly sourceHash: string;
}

function readSource(name: string): Source {
  const entry = sourceOf(name);
  const sources = closure(entry);
  return { entry, sources, sourceHash: hashSources(sources) };
}

const pathOf = (name: string): string => join(BUILD, `${name}.json`);

/** What was compiled before from the very same sources. */
function kept(name: string, { sourceHash }: Source): Compiled | undefined {
  if (!existsSync(pathOf(name))) return undefined;
  const found = JSON.parse(readFileSync(pathOf(name), 'utf8')) as Compiled;
  return found.sourceHash === sourceHash ? found : undefined;
}

/**
 * The contract `name` of `<name>.sol` under contracts/ (or the tests' harness folder), compiled from the sources as they are now. Results are
 * kept in build/contracts by the hash of everything they depend on, so only what changed is compiled again.
 *
 * @throws Error with solc's messages; a warning is an error
 */
export function compiled(name: string): Compiled {
  const source = readSource(name);
  const before = kept(name, source);
  if (before !== undefined) return before;
  const result = compile(name, source);
  const path = pathOf(name);
  mkdirSync(BUILD, { recursive: true });
  writeFileSync(`${path}.${process.pid}`, JSON.stringify(result));
  renameSync(`${path}.${process.pid}`, path);
  return result;
}

/** Contracts whose deployed code the chain would not take. */
export function oversized(contracts: readonly Compiled[]): Compiled[] {
  return contracts.filter(({ size }) => size >= CODE_SIZE_LIMIT);
}

/** Compiles what is not kept from before on all cores: a process for each contract, since solc takes one core and blocks it. */
async function compileApart(names: readonly string[]): Promise<void> {
  const waiting = names.filter((name) => kept(name, readSource(name)) === undefined);
  if (waiting.length < 2) return;
  const next = async (): Promise<void> => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift())
      await promisify(execFile)(process.execPath, [...process.execArgv, fileURLToPath(import.meta.url), name]);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, next));
}

async function main(words: readonly string[]): Promise<void> {
  const names = words.length > 0 ? words : contractNames();
  await compileApart(names);
  const contracts = names.map(compiled);
  for (const { name, size } of contracts) process.stdout.write(`${name.padEnd(24)} ${size} bytes\n`);
  const tooLarge = oversized(contracts).map(({ name }) => name);
  if (tooLarge.length === 0) return;
  process.stderr.write(`over ${CODE_SIZE_LIMIT} bytes: ${tooLarge.join(', ')}\n`);
  process.exitCode = 1;
}

if (process.argv[1] !== undefined && relative(fileURLToPath(import.meta.url), resolve(process.argv[1])) === '')
  await main(process.argv.slice(2));
