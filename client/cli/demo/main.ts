import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { counting, observing, results } from './after.ts';
import { codeOf, exitOf } from '../../../protocol/node/exit-codes.ts';
import { openDemoChain } from './chain.ts';
import { ceremony, credentials, define } from './before.ts';
import { registration, roll } from './online.ts';
import { elapsed, endWithChildren, say } from './stage.ts';
import { Services, placeOf } from './services.ts';
import { changing, lastRound, voting } from './voting.ts';
import { createWorld } from './world.ts';

const { values, positionals } = parseArgs({ options: { clique: { type: 'boolean' } }, allowPositionals: true });
/** Where the parties' folders are made; an earlier demo's are removed. */
const root = resolve(positionals[0] ?? join('.demo'));

let services: Services | undefined;
endWithChildren();
const validators = `${root}-validators`;
rmSync(validators, { recursive: true, force: true });
const chain = await openDemoChain(values.clique === true ? 'clique' : 'embedded', validators);
try {
  const where = chain.profile === 'clique' ? 'Clique network, in half an hour of real time' : 'private chain';
  process.stdout.write(`A whole election on a ${where}, each party a process of its own. Folders: ${root}\n`);
  const world = await createWorld(root, chain);
  await define(world);
  await credentials(world);
  await ceremony(world);
  services = new Services(join(root, 'services'), placeOf(world), say);
  const registrar = await services.startEligibility(world.registrar);
  const boxes = [];
  for (const [i, box] of world.boxes.entries()) boxes.push((await services.startBox(box, `box-${i + 1}`)).url);
  const open = await services.startPublic();
  await registration(world, registrar.url);
  await roll(world, open);
  await voting(world, { boxes, open });
  await changing(world, { boxes, open });
  await lastRound(world, { boxes, open });
  await counting(world);
  await results(world, (text) => process.stdout.write(`\n${text}\n\n`));
  await observing(world, open);
  say(`Done in ${elapsed().toFixed(0)} s.`);
} catch (error) {
  process.stderr.write(`\ndemo failed: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = exitOf(codeOf(error));
} finally {
  await services?.stop();
  await chain.stop();
}
