import { loadSettings } from '../frame/settings.ts';
import { runMain, serve } from '../frame/serve.ts';
import { createEligibility } from './service.ts';
import { settingsSchema } from './settings.ts';

/** The eligibility server: `node dist/eligibility.mjs [--setting value …]`. */
await runMain(async () => {
  const settings = await loadSettings(settingsSchema, { args: process.argv.slice(2), env: process.env });
  const { app, close } = await createEligibility(settings);
  await serve(app.server, settings, close);
});
