import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { InlineConfig, Plugin } from 'vite';

/** Folder of the web client's sources. */
export const ROOT = join(import.meta.dirname, '..');
const CIRCOMLIBJS = join(dirname(fileURLToPath(import.meta.resolve('circomlibjs'))), 'src');

const SEMAPHORE = '@semaphore-protocol/core';

/** The verifier's own word on which programs the contracts are (SPEC §15, check 2): the build it was made with, never the record's. */
function ownBuild(build: unknown): Plugin {
  const name = 'virtual:urna-build';
  return {
    name: 'urna-build',
    resolveId: (id) => (id === name ? `\0${name}` : undefined),
    load: (id) => (id === `\0${name}` ? `export const build = ${JSON.stringify(build)};` : undefined),
  };
}

/** Widths of Poseidon that Urna uses: one and two inputs. Constants for all sixteen would be two megabytes of script. */
const WIDTHS = 2;

/** Of circomlibjs, its Poseidon in WebAssembly alone. */
const onlyPoseidon: Plugin = {
  name: 'urna-poseidon',
  enforce: 'pre',
  resolveId: (id) => (id === 'circomlibjs' ? join(CIRCOMLIBJS, 'poseidon_wasm.js') : undefined),
  load(id) {
    if (id !== join(CIRCOMLIBJS, 'poseidon_constants_opt.js')) return undefined;
    const all = JSON.parse(readFileSync(id.replace(/js$/u, 'json'), 'utf8')) as Record<string, unknown[]>;
    const some = Object.fromEntries(Object.entries(all).map(([name, widths]) => [name, widths.slice(0, WIDTHS)]));
    return `export default ${JSON.stringify(some)};`;
  },
};

/** Of Semaphore, the identity alone: its proofs, and what they download, are nobody's here. */
const onlyIdentity: Plugin = {
  name: 'urna-identity',
  enforce: 'pre',
  resolveId: (id) => (id === SEMAPHORE ? fileURLToPath(import.meta.resolve(`${SEMAPHORE}/identity`)) : undefined),
};

/** A package asks for node's `crypto` where a platform has none of its own; every browser that runs this has one. */
const noNodeCrypto: Plugin = {
  name: 'urna-no-node-crypto',
  enforce: 'pre',
  resolveId: (id) => (id === 'crypto' ? '\0no-crypto' : undefined),
  load: (id) => (id === '\0no-crypto' ? "throw new Error('this browser has no Web Cryptography');" : undefined),
};

/** What all bundles have in common. @param build - code sizes and hashes of the contracts by name */
export function commonConfig(build: unknown): InlineConfig {
  const plugins = (): Plugin[] => [ownBuild(build), onlyPoseidon, onlyIdentity, noNodeCrypto];
  return {
    root: ROOT,
    configFile: false,
    // Relative: the same files work in any folder of any host.
    base: './',
    logLevel: 'warn',
    publicDir: false,
    resolve: { alias: { assert: join(ROOT, 'frame/assert.ts') } },
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    worker: { format: 'es', plugins },
    plugins: plugins(),
  };
}

/** Browsers that the bundles are for. */
export const TARGET = ['chrome111', 'firefox115', 'safari16.4'];
