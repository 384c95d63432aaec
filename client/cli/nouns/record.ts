import type { Command } from 'commander';
import { nounOf } from '../frame/verbs.ts';
import { ONLINE } from './shared.ts';

/** `urna record`: the election record. */
export function recordNoun(): Command {
  return nounOf('record', 'record of an election', {
    export: {
      text: 'write what the chain tells, one entry a line',
      settings: ONLINE,
      required: [['--out <file>', 'record file']],
      options: [['--replace', 'overwrite the file']],
      load: async () => (await import('../record/export.ts')).exportRecord,
    },
  });
}
