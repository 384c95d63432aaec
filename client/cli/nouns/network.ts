import type { Command } from 'commander';
import { chainProfile } from '../../../contracts/network/profiles.ts';
import { nounOf } from '../frame/verbs.ts';
import type { OptionSpec, VerbSpec } from '../frame/verbs.ts';

const network: OptionSpec = ['--network <folder>', 'folder of the network, with its keys (default: network)'];

const { newChain: clique } = chainProfile('clique');
const { newChain: besu } = chainProfile('besu-qbft');

/** A network of several validators. */
const several: Readonly<Record<string, VerbSpec>> = {
  init: {
    text: 'make a network: a Clique network that runs here, or the files of a Besu network for other machines',
    options: [
      network,
      ['--engine <name>', 'clique or besu-qbft (default: clique)'],
      ['--validators <n>', 'clique: 3 to 5 (default: 3); besu-qbft: 4 to 16 (default: 4), their keys made here'],
      ['--chain-id <n>', `chain id (default: ${clique.chainId})`],
      ['--period <seconds>', `between two blocks (default: ${clique.period}; besu-qbft: ${besu.period})`],
      [
        '--gas-limit <gas>',
        `of a block; on Clique twice of what blocks should use in the long run (default: ${clique.gasLimit})`,
      ],
    ],
    repeated: [
      ['--fund <address>', 'clique: account with money from the first block on; may be given several times'],
      ['--account <address>', 'besu-qbft: account that may send transactions; may be given several times'],
      [
        '--validator <key@ip>',
        'besu-qbft: public key and IPv4 address of a validator whose operator has the key; once for each',
      ],
      ['--rpc-host <name>', 'besu-qbft: name under which the public node is asked; may be given several times'],
    ],
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
