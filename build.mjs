// Bundles the command, the services and the demo into dist/; chunks are loaded when a command needs them. Of packages, those below go with them.
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import poseidonConstants, { CONSTANTS, POSEIDON } from './bundling/poseidon.mjs';
import { replacedPrimes } from './bundling/replace-primes.cjs';

/**
 * Packages that come in hundreds of files, of which nearly every command needs a part: to find and compile those took a second, most of what a
 * short command took. What is used of them goes into dist/; all other packages stay in node_modules. Snarkjs and its engine only together with all
 * that shares the engine: two copies of it would not know each other's buffers.
 */
const TAKEN_IN =
  /^(?:viem|ox|abitype|isows|circomlibjs|snarkjs|ffjavascript|wasmcurves|wasmbuilder|circom_runtime|r1csfile|fastfile|@iden3\/binfileutils|poseidon-lite|age-encryption|@semaphore-protocol\/[a-z]+|@(?:zk-kit|noble|scure|hpke)\/[\w-]+)(?:\/|$)/;
/** Of these packages the one module that is used, as in the web client: one's own entry loads a whole Ethereum library, the other's a prover. */
const ONLY = {
  circomlibjs: POSEIDON,
  '@semaphore-protocol/core': fileURLToPath(import.meta.resolve('@semaphore-protocol/core/identity')),
};

/** A bundled module still finds the files beside its source: `import.meta` keeps naming the source, seen from dist/. */
const sourcePlaces = {
  name: 'source-places',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const file = `../${relative(import.meta.dirname, path).replaceAll('\\', '/')}`;
      const place = (target) => `new URL(${JSON.stringify(target)}, import.meta.url)`;
      const folder = file.slice(0, file.lastIndexOf('/'));
      const contents = (await readFile(path, 'utf8')).replaceAll(/import\.meta\.(dirname|url)/g, (_, member) =>
        member === 'url' ? `${place(file)}.href` : `decodeURIComponent(${place(folder)}.pathname)`,
      );
      return { contents, loader: 'ts' };
    });
  },
};

/** The folder of a package as a module in `from` finds it. */
function packageFolder(name, from) {
  for (let folder = from; ; folder = dirname(folder)) {
    const found = join(folder, 'node_modules', name);
    if (existsSync(found)) return found;
    if (folder === dirname(folder)) throw new Error(`build: ${name}, which ${from} needs, is not installed`);
  }
}

/** What is taken in is resolved as ever. A package that is not keeps its name, or its file where a taken-in one has another version of it than we. */
const packages = {
  name: 'packages',
  setup(esbuild) {
    esbuild.onLoad({ filter: /poseidon_constants_opt\.js$/ }, ({ path }) => {
      if (path !== CONSTANTS) throw new Error(`build: not the constants of Poseidon that were cut: ${path}`);
      return { contents: `export default ${JSON.stringify(poseidonConstants)};`, loader: 'js' };
    });
    esbuild.onResolve({ filter: /^\.\/bigint\.js$/ }, ({ path, importer }) => ({
      path: replacedPrimes(path, importer),
    }));
    esbuild.onResolve({ filter: /^[^./]/ }, async ({ path, kind, importer, resolveDir, pluginData }) => {
      if (pluginData === packages || kind === 'entry-point') return undefined;
      if (isBuiltin(path)) return { path, external: true };
      if (path in ONLY) return { path: ONLY[path] };
      if (TAKEN_IN.test(path)) return undefined;
      const name = path.split('/', path.startsWith('@') ? 2 : 1).join('/');
      const found = packageFolder(name, resolveDir);
      if (found === packageFolder(name, import.meta.dirname)) return { path, external: true };
      const { path: file } = await esbuild.resolve(path, { kind, importer, resolveDir, pluginData: packages });
      return { path: `../${relative(import.meta.dirname, file)}`, external: true };
    });
  },
};

/** Milliseconds for which a file that no build has any more stays: programs that run load their chunks only when they need them. */
const KEPT = 24 * 3_600_000;
/** When which file was first missing in a build. */
const REPLACED = 'replaced.json';

/** Moves a build into `dist/`, file by file: chunks carry the hash of their content in their name, so that old and new stand side by side. */
async function swapIn(fresh) {
  await mkdir('dist', { recursive: true });
  const made = await readdir(fresh);
  // Entry points last: whoever starts one finds all its chunks.
  const isChunk = (name) => /-[0-9A-Z]{8}\.mjs$/.test(name);
  for (const name of made.sort((a, b) => isChunk(b) - isChunk(a))) await rename(join(fresh, name), join('dist', name));
  const known = await readFile(join('dist', REPLACED), 'utf8')
    .then(JSON.parse)
    .catch(() => ({}));
  const old = (await readdir('dist')).filter((name) => name !== REPLACED && !made.includes(name));
  const since = Object.fromEntries(old.map((name) => [name, known[name] ?? Date.now()]));
  const gone = old.filter((name) => Date.now() - since[name] > KEPT);
  for (const name of gone) await rm(join('dist', name), { force: true });
  const left = Object.entries(since).filter(([name]) => !gone.includes(name));
  await writeFile(join('dist', REPLACED), JSON.stringify(Object.fromEntries(left)));
  await rm(fresh, { recursive: true });
}

// Built aside, so that a failed build leaves the old one.
const fresh = `build/dist-${process.pid}`;
await build({
  entryPoints: {
    main: 'client/cli/main.ts',
    demo: 'client/cli/demo/main.ts',
    start: 'client/cli/demo/start/main.ts',
    public: 'server/public/main.ts',
    'proof-worker': 'protocol/node/proof-worker.ts',
    'signature-worker': 'protocol/node/signature-worker.ts',
    eligibility: 'server/eligibility/main.ts',
    'ballot-box': 'server/ballot-box/main.ts',
    'tile-worker': 'server/frame/tile-worker.ts',
    'leaf-worker': 'server/eligibility/roll/leaf-worker.ts',
    'proving-worker': 'protocol/node/proving-worker.ts',
  },
  outdir: fresh,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  outExtension: { '.js': '.mjs' },
  chunkNames: '[name]-[hash]',
  plugins: [sourcePlaces, packages],
  legalComments: 'none',
  logLevel: 'warning',
});
await swapIn(fresh);
