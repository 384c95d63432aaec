import { join, resolve } from 'node:path';
import { build } from 'vite';
import { TARGET, commonConfig } from '../../../../client/web/bundle/common.ts';

/** Builds the page of forms into the folder that is named. Vite does not run inside of jest. */
await build({
  ...commonConfig({}),
  root: import.meta.dirname,
  build: {
    outDir: resolve(process.argv[2] ?? ''),
    emptyOutDir: true,
    target: TARGET,
    reportCompressedSize: false,
    rolldownOptions: { checks: { pluginTimings: false }, input: join(import.meta.dirname, 'index.html') },
  },
});
