import { readFileSync } from 'node:fs';
import { build } from 'vite';
import { publishedBuilds } from '../../../contracts/deploy/builds.ts';
import { OBSERVER_FILE, buildObserverFile } from './observer-file.ts';
import { pagesConfig } from './pages.ts';

/**
 * Builds the web client: `tsx client/web/bundle/main.ts [folder [build.json]]`, by default into dist/web and for the contracts of this checkout.
 * Same sources, same bytes.
 */
const [out = 'dist/web', file] = process.argv.slice(2);
const own = Object.entries(publishedBuilds()).map(([name, { codeBytes, codeHash }]) => [name, { codeBytes, codeHash }]);
const codes = file === undefined ? Object.fromEntries(own) : (JSON.parse(readFileSync(file, 'utf8')) as unknown);
await build(pagesConfig(codes, { [OBSERVER_FILE]: await buildObserverFile(codes) }, out));
