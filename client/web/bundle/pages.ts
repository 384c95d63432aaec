import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import type { InlineConfig, Plugin } from 'vite';
import { ROOT, TARGET, commonConfig } from './common.ts';
import { policyOf } from './policy.ts';

const PAGES = ['index', 'vote/index', 'check/index', 'results/index', 'checked/index', 'observe/index'];
const POLICY = policyOf({ script: "'self'", style: "'self'", self: "'self'" });

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

/** Adds files to the build, and `urna-web.json`: every file with its SHA-256, by name. Its hash is the definition's `webHash` (SPEC §3.3). */
function manifest(more: Readonly<Record<string, string>>): Plugin {
  return {
    name: 'urna-manifest',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const made = Object.values(bundle).map((file): [string, string | Uint8Array] => [
          file.fileName,
          file.type === 'asset' ? file.source : file.code,
        ]);
        const files = [...made, ...Object.entries(more)].map(([name, content]): [string, string] => [
          name,
          `0x${createHash('sha256').update(content).digest('hex')}`,
        ]);
        const sorted = Object.fromEntries(files.sort(([a], [b]) => (a < b ? -1 : 1)));
        for (const [fileName, source] of Object.entries(more)) this.emitFile({ type: 'asset', fileName, source });
        this.emitFile({ type: 'asset', fileName: 'urna-web.json', source: JSON.stringify(sorted) });
      },
    },
  };
}

/**
 * The pages.
 *
 * @param build - code sizes and hashes of the contracts by name
 * @param more - contents of further files by name
 * @param out - folder of the built files
 */
export function pagesConfig(build: unknown, more: Readonly<Record<string, string>>, out: string): InlineConfig {
  const common = commonConfig(build);
  return {
    ...common,
    plugins: [...(common.plugins ?? []), policy, manifest(more)],
    build: {
      outDir: resolve(out),
      emptyOutDir: true,
      target: TARGET,
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      reportCompressedSize: false,
      rolldownOptions: {
        checks: { pluginTimings: false },
        input: Object.fromEntries(PAGES.map((page) => [page, join(ROOT, `${page}.html`)])),
      },
    },
  };
}
