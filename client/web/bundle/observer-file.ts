import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { InlineConfig, Plugin } from 'vite';
import { build } from 'vite';
import { ROOT, TARGET, commonConfig } from './common.ts';
import { policyOf } from './policy.ts';

/** Name of the observer that is one file. */
export const OBSERVER_FILE = 'urna-observer.html';

/** The page's worker comes out of the page itself. */
const inlineWorker: Plugin = {
  name: 'urna-inline-worker',
  enforce: 'pre',
  resolveId: (id) => (id.endsWith('/start-worker.ts') ? join(ROOT, 'worker/start-inline-worker.ts') : undefined),
};

function config(codes: unknown): InlineConfig {
  const common = commonConfig(codes);
  return {
    ...common,
    plugins: [inlineWorker, ...(common.plugins ?? [])],
    worker: { ...common.worker, format: 'iife' },
    build: {
      write: false,
      target: TARGET,
      modulePreload: false,
      cssCodeSplit: false,
      reportCompressedSize: false,
      rolldownOptions: {
        checks: { pluginTimings: false },
        input: join(ROOT, 'observe/one-file.tsx'),
        output: { format: 'es', codeSplitting: false },
      },
    },
  };
}

/**
 * The observer as one self-contained page, to be saved and used without a network: scripts, styles, texts and worker are in it, and its policy lets
 * nothing else run.
 */
export async function buildObserverFile(codes: unknown): Promise<string> {
  const made = await build(config(codes));
  if (!('output' in made)) throw new Error('the observer was not built');
  const script = made.output.flatMap((file) => (file.type === 'chunk' ? [file.code] : [])).join('');
  const style = made.output.flatMap((file) =>
    file.type === 'asset' && file.fileName.endsWith('.css') ? [String(file.source)] : [],
  );
  return pageOf(script.replaceAll('</script', '<\\/script'), style.join(''));
}

function pageOf(script: string, style: string): string {
  const hash = (content: string): string => `'sha256-${createHash('sha256').update(content).digest('base64')}'`;
  const policy = policyOf({ script: hash(script), style: hash(style), self: '' });
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    '<title>Urna</title>',
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    '<div id="page"></div>',
    `<script type="module">${script}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}
