import type { Command } from 'commander';
import { keyVerb } from '../frame/key-verb.ts';
import { nounOf } from '../frame/verbs.ts';
import type { VerbSpec } from '../frame/verbs.ts';
import { CODE_FILE, OFFLINE, POSTING } from './shared.ts';

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
    ...challengeVerbs(),
  });
}

/** What voters do while a version stands open to challenge. */
function challengeVerbs(): Readonly<Record<string, VerbSpec>> {
  return {
    challenge: {
      text: 'compare the own registration with the published file and the roll on chain; with --registrar, challenge what is wrong',
      settings: [...OFFLINE, 'rpc'],
      required: [['--registrations <file>', 'published registrations.jsonl']],
      options: [
        ['--registration <file>', 'the own registration file; without it: who registered nothing'],
        ['--district <id>', 'without --registration: the district named in the letter'],
        ['--record <file>', 'record file instead of a node'],
        ['--registrar <url>', 'address of the eligibility server: sign the challenge with the credential and send it'],
        CODE_FILE,
        ['--out <file>', 'with --registrar: where the challenge and its receipt are kept'],
        ['--follow', 'wait until the registrar has answered'],
      ],
      load: async () => (await import('../roll/challenge.ts')).challenge,
    },
    follow: {
      text: 'ask what became of challenges until they are answered; exit 1 if one was dismissed',
      args: '<receipts...>',
      settings: OFFLINE,
      options: [['--once', 'look once: exit 6 while one is still open']],
      load: async () => (await import('../roll/follow.ts')).follow,
    },
  };
}
