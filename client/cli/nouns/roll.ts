import type { Command } from 'commander';
import { keyVerb } from '../frame/key-verb.ts';
import { nounOf } from '../frame/verbs.ts';

/** `urna roll`: the registrar. */
export function rollNoun(): Command {
  return nounOf('roll', 'registrar: registrations and the roll on chain', {
    key: keyVerb('registrar'),
    collect: {
      text: 'check registration files and write registrations.jsonl',
      args: '<files...>',
      settings: ['definition', 'deployment', 'election'],
      required: [
        ['--lists <folder>', 'folder of the sealed credential lists, <district>.json'],
        ['--out <file>', 'registrations.jsonl'],
      ],
      options: [
        ['--revocations <file>', 'JSON lines {credentialKey, district, replacement}, taken before the registrations'],
      ],
      load: async () => (await import('../roll/collect.ts')).collect,
    },
  });
}
