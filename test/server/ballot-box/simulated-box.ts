// A ballot box as `server/ballot-box/main.ts` starts it, but that its masks' proofs are simulated: node --import tsx … --setting value
import { createBallotBox } from '../../../server/ballot-box/service.ts';
import { settingsSchema } from '../../../server/ballot-box/settings.ts';
import { startPosting } from '../../../server/ballot-box/posting/start-posting.ts';
import { runMain, serve } from '../../../server/frame/serve.ts';
import { loadSettings } from '../../../server/frame/settings.ts';
import { lanesFor } from '../../../protocol/ballot/rules.ts';
import { signalCount } from '../../../protocol/ballot/statement.ts';
import { at } from '../../../protocol/errors.ts';
import { makeTrapdoor } from '../../bench/trapdoor/trapdoor.ts';
import { simulatedMasks } from './simulated-masks.ts';

await runMain(async () => {
  const settings = await loadSettings(settingsSchema, { args: process.argv.slice(2), env: {} });
  const service = await createBallotBox(settings);
  const lanes = lanesFor(at(service.election.definition.contests, 0).options.length);
  const masks = simulatedMasks(makeTrapdoor(signalCount(lanes), BigInt(lanes)));
  const posting = startPosting(service, masks, settings.windowSeconds);
  await serve(service.app.server, settings, async () => {
    await posting.end();
    await service.close();
  });
});
