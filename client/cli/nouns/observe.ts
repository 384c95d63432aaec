import type { Command } from 'commander';
import { nounOf } from '../frame/verbs.ts';
import { ONLINE, RECORD_INSTEAD, RESUME, SO_FAR } from './shared.ts';

/** `urna observe`: anyone verifies everything. */
export function observeNoun(): Command {
  return nounOf('observe', 'observer: verify an election from a node or a record file', {
    run: {
      text: 'run the numbered checks; exit 1 if one fails, 6 if the election has not come to its end',
      settings: [...ONLINE, 'artifacts'],
      options: [RECORD_INSTEAD, SO_FAR, RESUME],
      load: async () => (await import('../observe/run.ts')).observe,
    },
    web: {
      text: 'compare the web client that a host serves with the one that the definition names; exit 1 if it differs',
      args: '<url>',
      settings: ['definition', 'public'],
      load: async () => (await import('../observe/web.ts')).observeWeb,
    },
    ballot: {
      text: 'open a challenged ballot: make its fingerprint again and show its vote in words',
      args: '<opening>',
      settings: ONLINE,
      options: [
        RECORD_INSTEAD,
        ['--fingerprint <hex>', 'what the voter noted before: all 64 digits, or the short form'],
      ],
      load: async () => (await import('../ballot/check-opening.ts')).checkOpening,
    },
  });
}
