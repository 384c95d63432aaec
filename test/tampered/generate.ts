import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildWorld } from '../protocol/checks/world/world.ts';
import { manifestText, writeCorpus } from './corpus.ts';

/** `npm run tampered [-- FOLDER]`: writes the corpus, by default into build/tampered, and the manifest that is committed. */
const folder = process.argv[2] ?? join(import.meta.dirname, '../../build/tampered');
const manifest = await writeCorpus(folder, await buildWorld());
writeFileSync(join(import.meta.dirname, 'manifest.json'), manifestText(manifest));
const { lies, sealed, qbft, damaged } = manifest;
const count = lies.length + sealed.lies.length + qbft.lies.length;
process.stdout.write(`${count} records with a lie and ${damaged.length} damaged ones written to ${folder}\n`);
process.exit(0);
