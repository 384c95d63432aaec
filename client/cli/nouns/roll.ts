import type { Command } from 'commander';
import { keyVerb } from '../frame/key-verb.ts';
import { nounOf } from '../frame/verbs.ts';
import { OFFLINE, POSTING } from './shared.ts';

/** `urna roll`: the registrar. */
export function rollNoun(): Command {
  return nounOf('roll', 'registrar: registrations and the roll on chain', {
    key: keyVerb('registrar'),
    collect: {
      text: 'check registration files and write registrations.jsonl',
      args: '<files...>',
      settings: OFFLINE,
      required: [
        ['--lists <folder>', 'folder of the sealed credential lists, <district>.json'],
        ['--out <file>', 'registrations.jsonl'],
      ],
      options: [
        ['--revocations <file>', 'JSON lines {credentialKey, district, replacement}, taken before the registrations'],
      ],
      load: async () => (await import('../roll/collect.ts')).collect,
    },
    reasons: {
      text: 'list, with a reason each, the entries in which version 2 or later differs from its predecessor',
      args: '[reasons...]',
      settings: OFFLINE,
      required: [
        ['--previous <file>', 'registrations.jsonl of the version before'],
        ['--registrations <file>', 'registrations.jsonl of this version'],
        ['--roll-version <n>', 'number of this version'],
        ['--out <file>', 'reasons-<version>.json'],
      ],
      load: async () => (await import('../roll/reasons.ts')).reasons,
    },
    post: {
      text: 'put the members on chain and complete the version; goes on where it was interrupted',
      settings: POSTING,
      required: [['--registrations <file>', 'registrations.jsonl']],
      options: [
        ['--act <folder>', "the officers' signed act of version 2 or later"],
        ['--reasons <file>', 'reasons of version 2 or later'],
      ],
      load: async () => (await import('../roll/post.ts')).postRoll,
    },
    challenge: {
      text: 'compare the own registration with the published file and the roll on chain',
      settings: [...OFFLINE, 'rpc'],
      required: [
        ['--registrations <file>', 'published registrations.jsonl'],
        ['--registration <file>', 'the own registration file'],
      ],
      options: [['--record <file>', 'record file instead of a node']],
      load: async () => (await import('../roll/challenge.ts')).challenge,
    },
  });
}
