import { join } from 'node:path';
import { buildWorld } from '../protocol/checks/world/world.ts';
import { writeCorpus } from './corpus.ts';

/** `npm run tampered [-- FOLDER]`: writes the corpus, by default into build/tampered. */
const folder = process.argv[2] ?? join(import.meta.dirname, '../../build/tampered');
const { lies, damaged } = await writeCorpus(folder, await buildWorld());
process.stdout.write(`${lies.length} records with a lie and ${damaged.length} damaged ones written to ${folder}\n`);
process.exit(0);
