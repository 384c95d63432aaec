import { loadSettings } from '../frame/settings.ts';
import { runMain, serve } from '../frame/serve.ts';
import { openMasks } from './masks/open-masks.ts';
import { startPosting } from './posting/start-posting.ts';
import { createBallotBox } from './service.ts';
import { settingsSchema } from './settings.ts';

/** A ballot box: `node dist/ballot-box.mjs [--setting value …]`. */
await runMain(async () => {
  const settings = await loadSettings(settingsSchema, { args: process.argv.slice(2), env: process.env });
  const service = await createBallotBox(settings);
  const masks = await openMasks(service.election, settings.artifactsFolder, settings.maskThreads);
  const posting = startPosting(service, masks.prove, settings.windowSeconds);
  await serve(service.app.server, settings, async () => {
    await Promise.all([posting.end(), masks.close()]);
    await service.close();
  });
});
