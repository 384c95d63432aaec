import { execFileSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../../..');
/** What the build reads of a checkout, besides the packages. */
const SOURCES = [
  'bundling',
  'client',
  'protocol',
  'contracts',
  'circuits',
  'types',
  'build/contracts',
  'package.json',
  'tsconfig.json',
];

/** Builds the web client into a folder, as set-up does. @param build - sizes and hashes of other contracts than this checkout's */
export function buildWeb(out: string, build?: string): void {
  run(ROOT, out, {}, build);
}

/**
 * The same as somebody else does it: in a folder of another name, at another place of the world, in another language. The packages are in that folder, as
 * in any checkout: from where they come decides on the order in which modules stand in a bundle.
 */
export function buildWebElsewhere(out: string): void {
  // On the disk of the packages, which are linked file by file: they are too many to copy.
  const place = join(ROOT, '.cache/test', `elsewhere-${process.pid}`);
  const checkout = join(place, 'un autre dossier');
  try {
    for (const name of SOURCES) cpSync(join(ROOT, name), join(checkout, name), { recursive: true });
    execFileSync('cp', ['-al', join(ROOT, 'node_modules'), join(checkout, 'node_modules')]);
    run(checkout, out, { TZ: 'Pacific/Auckland', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' });
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

function run(checkout: string, out: string, env: Readonly<Record<string, string>>, build?: string): void {
  const words = [
    'node_modules/tsx/dist/cli.mjs',
    'client/web/bundle/main.ts',
    out,
    ...(build === undefined ? [] : [build]),
  ];
  execFileSync(process.execPath, words, {
    cwd: checkout,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { PATH: process.env['PATH'], ...env },
  });
}
