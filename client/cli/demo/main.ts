import { join, resolve } from 'node:path';
import { startEmbeddedChain } from '../../../contracts/network/embedded.ts';
import { counting, observing, results } from './after.ts';
import { ceremony, credentials, define, registration, roll } from './before.ts';
import { elapsed, say } from './stage.ts';
import { changing, voting } from './voting.ts';
import { createWorld } from './world.ts';

/** Where the parties' folders are made; an earlier demo's are removed. */
const root = resolve(process.argv[2] ?? join('.demo'));

const chain = await startEmbeddedChain();
try {
  process.stdout.write(`A whole election on a private chain, each party a process of its own. Folders: ${root}\n`);
  const world = await createWorld(root, chain);
  await define(world);
  await credentials(world);
  await ceremony(world);
  await registration(world);
  await roll(world);
  await voting(world);
  await changing(world);
  await counting(world);
  await results(world, (text) => process.stdout.write(`\n${text}\n\n`));
  await observing(world);
  say(`Done in ${elapsed().toFixed(0)} s.`);
} catch (error) {
  process.stderr.write(`\ndemo failed: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  await chain.stop();
}
