import type { Command } from 'commander';
import { keyVerb } from '../frame/key-verb.ts';
import { nounOf } from '../frame/verbs.ts';
import { ONLINE, POSTING } from './shared.ts';

/** `urna election`: definition, deployment, state. */
export function electionNoun(): Command {
  return nounOf(
    'election',
    "election commission: definition, deployment, state; approve, extend, cancel and certify are officers' acts",
    {
      key: keyVerb('account'),
      new: {
        text: 'make the canonical definition of a draft',
        settings: ['artifacts'],
        required: [
          [
            '--draft <file>',
            'draft, JSON formatted freely; without setupHash, that of the installed artifacts is put in',
          ],
          ['--out <file>', 'definition, e.g. election.json'],
        ],
        load: async () => (await import('../election/new.ts')).newDefinition,
      },
      check: {
        text: 'check a definition and tell its hash',
        settings: ['definition', 'public'],
        load: async () => (await import('../election/check.ts')).checkDefinition,
      },
      deploy: {
        text: 'put the contracts of a definition on chain',
        settings: [
          'definition',
          'public',
          'artifacts',
          'rpc',
          'accountFile',
          'passphraseFile',
          'accountPassphraseFile',
        ],
        required: [['--out <file>', 'deployment file']],
        load: async () => (await import('../election/deploy.ts')).deploy,
      },
      prepare: {
        text: 'have the chain compute the constants of all polls, once roll and keys are final',
        settings: POSTING,
        load: async () => (await import('../election/prepare.ts')).preparePolls,
      },
      status: {
        text: 'phase, acts, times and the stage of the key ceremony',
        settings: ONLINE,
        load: async () => (await import('../election/status.ts')).status,
      },
    },
  );
}
