import { UrnaError } from '../../protocol/errors.ts';
import { loadSettings } from '../frame/settings.ts';
import { runMain, serve } from '../frame/serve.ts';
import { SUBJECTS_USAGE, sealSubjects } from './operator/seal-subjects.ts';
import { OPERATOR_WORDS } from './operator/words.ts';
import { createEligibility, openEligibility } from './service.ts';
import type { EligibilitySettings } from './settings.ts';
import { settingsSchema } from './settings.ts';

const words = process.argv.slice(2);
const flags = words.findIndex((word) => word.startsWith('--'));
const [word, ...args] = flags < 0 ? words : words.slice(0, flags);

/**
 * The eligibility server: `node dist/eligibility.mjs [--setting value …]`; and what its operators do beside it, with the same settings:
 * `revoke FILE`, `challenges`, `answer ID …`, `publish VERSION …`, `subjects IN OUT`. Exit status: SPEC §16, as of the command.
 */
await runMain(
  async () => {
    const settings = await loadSettings(settingsSchema, {
      args: flags < 0 ? [] : words.slice(flags),
      env: process.env,
    });
    if (word !== undefined) return operate(settings, word);
    const { app, close } = await createEligibility(settings);
    await serve(app.server, settings, close);
  },
  word === undefined ? 'cannot start' : 'eligibility',
);

/** Does one thing that operators ask for, and says what it did. @throws `usage/arguments`, and what the word refuses */
async function operate(settings: EligibilitySettings, asked: string): Promise<void> {
  if (asked === 'subjects') return say(await sealSubjects(settings, args));
  const operator = OPERATOR_WORDS[asked];
  if (operator === undefined) throw new UrnaError('usage/arguments', `it can: ${usages().join('; ')}`);
  const eligibility = await openEligibility(settings, () => undefined);
  try {
    say(await operator.run(eligibility, args));
  } finally {
    await eligibility.register.redis.close();
  }
}

function say(lines: readonly string[]): void {
  for (const line of lines) process.stdout.write(`${line}\n`);
}

function usages(): string[] {
  return [...Object.values(OPERATOR_WORDS).map(({ usage }) => usage), SUBJECTS_USAGE];
}
