import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../../..');

/** Builds the web client into a folder, as set-up does. @param build - sizes and hashes of other contracts than this checkout's */
export function buildWeb(out: string, build?: string): void {
  const words = [
    'node_modules/tsx/dist/cli.mjs',
    'client/web/bundle/main.ts',
    out,
    ...(build === undefined ? [] : [build]),
  ];
  execFileSync(process.execPath, words, {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { PATH: process.env['PATH'] },
  });
}
