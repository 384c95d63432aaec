import type { Command } from 'commander';
import { nounOf } from '../frame/verbs.ts';
import type { OptionSpec, VerbSpec } from '../frame/verbs.ts';
import { OFFLINE, ONLINE, RECORD_INSTEAD } from './shared.ts';

const IDENTITY: OptionSpec = ['--identity <file>', 'identity file (.age)'];

/** `urna voter`: identity, registration, casting. */
export function voterNoun(): Command {
  return nounOf('voter', 'voter: identity, registration, ballots', {
    new: {
      text: 'make an identity, encrypted with a passphrase, with its backup words',
      settings: ['passphraseFile'],
      required: [['--out <file>', 'identity file (.age); the commitment is written beside it']],
      options: [['--words-file <file>', 'write the backup words to this new file (mode 0600) instead of the terminal']],
      load: async () => (await import('../voter/new.ts')).newIdentity,
    },
    restore: {
      text: 'make the identity file again from the backup words',
      settings: ['passphraseFile'],
      required: [['--out <file>', 'identity file (.age)']],
      options: [['--words-file <file>', 'file with the 24 words (mode 0600); asked for otherwise']],
      load: async () => (await import('../voter/new.ts')).restoreIdentity,
    },
    register: {
      text: 'sign a registration with the credential from the letter, as a file for the registrar',
      settings: OFFLINE,
      required: [
        ['--commitment <file>', 'commitment file of the identity'],
        ['--district <id>', 'district named in the letter'],
        ['--out <file>', 'registration file'],
      ],
      options: [
        ['--code-file <file>', 'file with the credential (mode 0600); asked for otherwise'],
        ['--sequence <n>', 'one more than the last registration you made'],
      ],
      load: async () => (await import('../voter/register.ts')).register,
    },
    cast: ballotVerb('encrypt and prove first ballots, as files for a ballot box', 'cast'),
    change: ballotVerb('encrypt and prove changed ballots, as files for a ballot box', 'change'),
    slot: {
      text: 'show the own slots and their updates',
      settings: [...ONLINE, 'passphraseFile'],
      required: [IDENTITY],
      options: [RECORD_INSTEAD],
      load: async () => (await import('../voter/slot.ts')).showSlots,
    },
  });
}

function ballotVerb(text: string, name: 'cast' | 'change'): VerbSpec {
  return {
    text,
    settings: [...ONLINE, 'passphraseFile', 'artifacts'],
    required: [
      IDENTITY,
      ['--vote-file <file>', 'votes (mode 0600): {"contest": {"option": value}}, or a list of options, the best first'],
      ['--out <folder>', 'where the update files go'],
    ],
    options: [RECORD_INSTEAD],
    load: async () => (await import('../voter/cast.ts'))[name],
  };
}
