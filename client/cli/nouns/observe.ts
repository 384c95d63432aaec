import type { Command } from 'commander';
import { nounOf } from '../frame/verbs.ts';
import { ONLINE, RECORD_INSTEAD, SO_FAR } from './shared.ts';

/** `urna observe`: anyone verifies everything. */
export function observeNoun(): Command {
  return nounOf('observe', 'observer: verify an election from a node or a record file', {
    run: {
      text: 'run the numbered checks; exit 1 if one fails, 6 if the election has not come to its end',
      settings: [...ONLINE, 'artifacts'],
      options: [RECORD_INSTEAD, SO_FAR],
      load: async () => (await import('../observe/run.ts')).observe,
    },
  });
}
