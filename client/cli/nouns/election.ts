import type { Command } from 'commander';
import { keyVerb } from '../frame/key-verb.ts';
import { nounOf } from '../frame/verbs.ts';

/** `urna election`: definition, deployment, state. */
export function electionNoun(): Command {
  return nounOf('election', 'election commission: definition, deployment, state', {
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
      settings: ['definition'],
      load: async () => (await import('../election/check.ts')).checkDefinition,
    },
  });
}
