import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { InlineConfig, Plugin } from 'vite';

const root = import.meta.dirname;
const CIRCOMLIBJS = join(dirname(fileURLToPath(import.meta.resolve('circomlibjs'))), 'src');

/**
 * What a page may do: run our scripts (WebAssembly and workers among them), ask services of the election. `https:` because which boxes and
 * eligibility servers there are is the election's matter, and this bundle is for all elections; http for programs on one's own machine only.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self' blob:",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self' https: http://localhost:* http://127.0.0.1:*",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** Puts the policy into each page: any host may serve them, and not every host can be told to send headers. */
const policy: Plugin = {
  name: 'urna-policy',
  transformIndexHtml: {
    order: 'post',
    handler: () => [
      { tag: 'meta', attrs: { 'http-equiv': 'Content-Security-Policy', content: POLICY }, injectTo: 'head-prepend' },
    ],
  },
};

/** `urna-web.json`: every file of the build with its SHA-256, by name. Its hash is the definition's `webHash` (SPEC §3.3). */
const manifest: Plugin = {
  name: 'urna-manifest',
  enforce: 'post',
  generateBundle: {
    order: 'post',
    handler(_options, bundle) {
      const files = Object.values(bundle).map((file): [string, string] => {
        const content = file.type === 'asset' ? file.source : file.code;
        return [file.fileName, `0x${createHash('sha256').update(content).digest('hex')}`];
      });
      const sorted = Object.fromEntries(files.sort(([a], [b]) => (a < b ? -1 : 1)));
      this.emitFile({ type: 'asset', fileName: 'urna-web.json', source: JSON.stringify(sorted) });
    },
  },
};

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

/** A package asks for node's `crypto` where a platform has none of its own; every browser that runs this has one. */
const noNodeCrypto: Plugin = {
  name: 'urna-no-node-crypto',
  enforce: 'pre',
  resolveId: (id) => (id === 'crypto' ? '\0no-crypto' : undefined),
  load: (id) => (id === '\0no-crypto' ? "throw new Error('this browser has no Web Cryptography');" : undefined),
};

/** @param build - code sizes and hashes of the contracts by name @param out - folder of the built files */
export const webConfig = (build: unknown, out: string): InlineConfig => ({
  root,
  configFile: false,
  // Relative: the same files work in any folder of any host.
  base: './',
  logLevel: 'warn',
  publicDir: false,
  resolve: { alias: { assert: join(root, 'frame/assert.ts') } },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  worker: { format: 'es', plugins: () => [ownBuild(build), onlyPoseidon, noNodeCrypto] },
  plugins: [ownBuild(build), onlyPoseidon, noNodeCrypto, policy, manifest],
  build: {
    outDir: resolve(out),
    emptyOutDir: true,
    target: ['chrome111', 'firefox115', 'safari16.4'],
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    rolldownOptions: {
      checks: { pluginTimings: false },
      input: Object.fromEntries(
        ['index', 'results/index', 'observe/index'].map((page) => [page, join(root, `${page}.html`)]),
      ),
    },
  },
});
