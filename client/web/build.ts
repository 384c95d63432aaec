import { readFileSync } from 'node:fs';
import { build } from 'vite';
import { publishedBuilds } from '../../contracts/deploy/builds.ts';
import { webConfig } from './vite.config.ts';

/**
 * Builds the web client: `tsx client/web/build.ts [folder [build.json]]`, by default into dist/web and for the contracts of this checkout.
 * Same sources, same bytes.
 */
const [out = 'dist/web', file] = process.argv.slice(2);
const own = Object.entries(publishedBuilds()).map(([name, { codeBytes, codeHash }]) => [name, { codeBytes, codeHash }]);
await build(
  webConfig(file === undefined ? Object.fromEntries(own) : (JSON.parse(readFileSync(file, 'utf8')) as unknown), out),
);
