import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { InlineConfig, Plugin } from 'vite';
import poseidonConstants, { CONSTANTS, POSEIDON } from '../../../bundling/poseidon.mjs';
import { replacedPrimes } from '../../../bundling/replace-primes.cjs';

/** Folder of the web client's sources. */
export const ROOT = join(import.meta.dirname, '..');
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

/** Of circomlibjs, its Poseidon in WebAssembly alone, with the constants of the hashes that Urna makes. */
const onlyPoseidon: Plugin = {
  name: 'urna-poseidon',
  enforce: 'pre',
  resolveId: (id) => (id === 'circomlibjs' ? POSEIDON : undefined),
  load: (id) => (id === CONSTANTS ? `export default ${JSON.stringify(poseidonConstants)};` : undefined),
};

/** The moduli of BN254 are known to be primes: a page need not find out whenever it makes the curve. */
const knownPrimes: Plugin = {
  name: 'urna-primes',
  enforce: 'pre',
  resolveId: (id, importer = '') => replacedPrimes(id, importer),
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
  const plugins = (): Plugin[] => [ownBuild(build), onlyPoseidon, knownPrimes, onlyIdentity, noNodeCrypto];
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
