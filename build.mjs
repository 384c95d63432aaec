// Bundles the command and the demo into dist/. Packages stay in node_modules; chunks are loaded when a command needs them.
import { readFile, rename, rm } from 'node:fs/promises';

import { relative } from 'node:path';
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

// Built aside and swapped in, so that a failed build leaves the old one.
const fresh = `build/dist-${process.pid}`;
await build({
  entryPoints: {
    main: 'client/cli/main.ts',
    demo: 'client/cli/demo/main.ts',
    start: 'client/cli/demo/start/main.ts',
    public: 'server/public/main.ts',
    'proof-worker': 'protocol/node/proof-worker.ts',
    eligibility: 'server/eligibility/main.ts',
    'ballot-box': 'server/ballot-box/main.ts',
    'tile-worker': 'server/eligibility/roll/tile-worker.ts',
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
await rm('dist', { recursive: true, force: true });
await rename(fresh, 'dist');
