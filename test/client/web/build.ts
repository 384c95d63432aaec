import { execFileSync } from 'node:child_process';
import { cpSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { newFolder } from '../cli/urna.ts';

const ROOT = join(import.meta.dirname, '../../..');
/** What the build reads of a checkout, besides the packages. */
const SOURCES = [
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

/** The same as somebody else does it: in a folder of another name, at another place of the world, in another language. */
export function buildWebElsewhere(out: string): void {
  const checkout = join(newFolder(), 'un autre dossier');
  for (const name of SOURCES) cpSync(join(ROOT, name), join(checkout, name), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(checkout, 'node_modules'));
  run(checkout, out, { TZ: 'Pacific/Auckland', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' });
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
