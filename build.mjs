// Bundles the command and the demo into dist/. Packages stay in node_modules; chunks are loaded when a command needs them.
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { build } from 'esbuild';

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
  packages: 'external',
  outExtension: { '.js': '.mjs' },
  chunkNames: '[name]-[hash]',
  plugins: [sourcePlaces],
  legalComments: 'none',
  logLevel: 'warning',
});
await swapIn(fresh);
