import type { Command } from 'commander';
import { nounOf } from '../frame/verbs.ts';

/** `urna network`: the embedded development chain. */
export function networkNoun(): Command {
  return nounOf('network', 'embedded development chain, to try things out', {
    start: {
      text: 'start it and run until interrupted',
      options: [
        ['--port <n>', 'TCP port (default: any free one)'],
        ['--state <file>', 'file that keeps the chain between runs'],
      ],
      load: async () => (await import('../network/verbs.ts')).start,
    },
    fund: {
      text: 'give accounts money',
      args: '<addresses...>',
      settings: ['rpc'],
      load: async () => (await import('../network/verbs.ts')).fund,
    },
    advance: {
      text: 'move block time forward',
      settings: ['rpc'],
      required: [['--to <time>', 'Unix seconds or ISO 8601']],
      load: async () => (await import('../network/verbs.ts')).advance,
    },
  });
}
