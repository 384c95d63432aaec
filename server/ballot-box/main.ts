import { loadSettings } from '../frame/settings.ts';
import { runMain, serve } from '../frame/serve.ts';
import { createBallotBox } from './service.ts';
import { settingsSchema } from './settings.ts';

/** A ballot box: `node dist/ballot-box.mjs [--setting value …]`. */
await runMain(async () => {
  const settings = await loadSettings(settingsSchema, { args: process.argv.slice(2), env: process.env });
  const { app, close } = await createBallotBox(settings);
  await serve(app.server, settings, close);
});
