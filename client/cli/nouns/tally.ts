import type { Command } from 'commander';
import { nounOf } from '../frame/verbs.ts';
import { ONLINE, POSTING, RECORD_INSTEAD } from './shared.ts';

/** `urna tally`: sums, counts, result. Anyone may; the chain checks. */
export function tallyNoun(): Command {
  return nounOf('tally', 'count: sums, counts, result', {
    aggregate: {
      text: 'have the chain add up the units of all contests',
      settings: [...POSTING, 'cache'],
      load: async () => (await import('../tally/verbs.ts')).aggregate,
    },
    count: {
      text: 'combine the decryptions on chain, find the counts and submit them',
      settings: [...POSTING, 'cache'],
      load: async () => (await import('../tally/verbs.ts')).count,
    },
    result: {
      text: 'counts and turnout of every unit',
      settings: [...ONLINE, 'cache'],
      options: [RECORD_INSTEAD],
      load: async () => (await import('../tally/result.ts')).result,
    },
  });
}
