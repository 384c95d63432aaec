import type { Command } from 'commander';
import { nounOf } from '../frame/verbs.ts';
import type { OptionSpec, VerbSpec } from '../frame/verbs.ts';

const network: OptionSpec = ['--network <folder>', 'folder of the network, with its keys (default: network)'];

/** A network of several validators. */
const several: Readonly<Record<string, VerbSpec>> = {
  init: {
    text: 'make a Clique network: keys, genesis, one configuration a validator',
    options: [
      network,
      ['--validators <n>', '3 to 5 (default: 3)'],
      ['--chain-id <n>', 'chain id (default: 7325)'],
      ['--period <seconds>', 'between two blocks (default: 1)'],
      ['--gas-limit <gas>', 'of a block: twice of what blocks should use in the long run (default: 80000000)'],
    ],
    repeated: [['--fund <address>', 'account with money from the first block on; may be given several times']],
    load: async () => (await import('../network/clique.ts')).init,
  },
  start: {
    text: 'start all its validators that do not run; they go on by themselves',
    options: [network],
    load: async () => (await import('../network/clique.ts')).start,
  },
  status: {
    text: 'what each validator says',
    options: [network],
    load: async () => (await import('../network/clique.ts')).status,
  },
  stop: {
    text: 'stop all its validators',
    options: [network],
    load: async () => (await import('../network/clique.ts')).stop,
  },
  kill: {
    text: 'end one validator as a power cut does',
    args: '<validator>',
    options: [network],
    load: async () => (await import('../network/clique.ts')).kill,
  },
  restart: {
    text: 'start one validator, after stopping it where it runs',
    args: '<validator>',
    options: [network],
    load: async () => (await import('../network/clique.ts')).restart,
  },
};

const embedded: Readonly<Record<string, VerbSpec>> = {
  embedded: {
    text: 'the embedded development chain: start it and run until interrupted',
    options: [
      ['--port <n>', 'TCP port (default: any free one)'],
      ['--state <file>', 'file that keeps the chain between runs'],
    ],
    load: async () => (await import('../network/verbs.ts')).embedded,
  },
  fund: {
    text: 'give accounts money: of the embedded chain, or with --network from the treasury of a network',
    args: '<addresses...>',
    settings: ['rpc'],
    options: [['--network <folder>', 'folder of a network']],
    load: async () => (await import('../network/verbs.ts')).fund,
  },
  advance: {
    text: 'move block time of the embedded chain forward',
    settings: ['rpc'],
    required: [['--to <time>', 'Unix seconds or ISO 8601']],
    load: async () => (await import('../network/verbs.ts')).advance,
  },
};

/** `urna network`: chains on this machine. */
export function networkNoun(): Command {
  const text = 'chains on this machine: a Clique network of several validators, or the embedded one';
  return nounOf('network', text, { ...several, ...embedded });
}
