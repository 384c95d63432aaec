import type { Command } from 'commander';
import { nounOf } from '../frame/verbs.ts';
import type { OptionSpec, VerbSpec } from '../frame/verbs.ts';
import { CODE_FILE, OFFLINE, ONLINE, RECORD_INSTEAD } from './shared.ts';

const IDENTITY: OptionSpec = ['--identity <file>', 'identity file (.age)'];
const VOTES: OptionSpec = [
  '--vote-file <file>',
  'votes (mode 0600): {"contest": {"option": value}}, or a list of options, the best first',
];
const PREPARED: OptionSpec = ['--prepared <file>', 'ballot made with "voter prepare" (.age)'];
const UPDATES: OptionSpec = ['--out <folder>', 'where the update files go, and receipts beside them'];
const BOXES: OptionSpec = [
  '--box <url>',
  'hand it to this ballot box; of several, a first ballot goes to one, a changed one to all',
];

const SERVICE: readonly OptionSpec[] = [
  [
    '--service <url>',
    'read what a ballot needs from this public service, among decoys, instead of a node or the record',
  ],
  ['--district <id>', 'with --service: the district named in your letter'],
];

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
    ...registrationVerbs(),
    ...ballotVerbs(),
    slot: {
      text: 'show the own slots and their updates',
      settings: [...ONLINE, 'cache', 'passphraseFile'],
      required: [IDENTITY],
      options: [RECORD_INSTEAD],
      load: async () => (await import('../voter/slot.ts')).showSlots,
    },
  });
}

/** Becoming a member of the roll (DESIGN §2.2). */
function registrationVerbs(): Readonly<Record<string, VerbSpec>> {
  return {
    register: {
      text: 'sign a registration with the credential from the letter, as a file for the registrar or, with --registrar, sent there',
      settings: OFFLINE,
      required: [
        ['--commitment <file>', 'commitment file of the identity'],
        ['--district <id>', 'district named in the letter'],
        ['--out <file>', 'registration file'],
      ],
      options: [
        CODE_FILE,
        ['--sequence <n>', 'one more than the last registration you made'],
        ['--registrar <url>', 'address of the eligibility server; the receipt is kept beside the registration file'],
      ],
      load: async () => (await import('../voter/register.ts')).register,
    },
    registered: {
      text: 'ask the registrar what is registered with the own credential; exit 1 if it is not what you registered',
      settings: OFFLINE,
      required: [['--registrar <url>', 'address of the eligibility server']],
      options: [
        ['--registration <file>', 'the own registration file; without it the credential is asked for'],
        ['--district <id>', 'without --registration: the district named in the letter'],
        CODE_FILE,
        ['--out <file>', 'write the receipt, checked, to this new file'],
      ],
      load: async () => (await import('../voter/registered.ts')).registered,
    },
  };
}

/** Casting, in one go or with a chance to challenge (DESIGN §2.10). */
function ballotVerbs(): Readonly<Record<string, VerbSpec>> {
  return {
    prepare: {
      text: 'encrypt votes, show their fingerprints and keep them sealed, to be cast or challenged',
      settings: [...ONLINE, 'cache', 'passphraseFile'],
      required: [IDENTITY, VOTES, ['--out <folder>', 'where the prepared ballots go, one file a contest']],
      options: [RECORD_INSTEAD, ...SERVICE],
      load: async () => (await import('../voter/prepare.ts')).prepare,
    },
    challenge: {
      text: 'reveal what a prepared ballot holds, for an independent check; it can never be cast then',
      settings: [...OFFLINE, 'passphraseFile'],
      required: [PREPARED, ['--out <file>', 'opening: the vote, its randomness and your slot']],
      load: async () => (await import('../voter/challenge.ts')).challenge,
    },
    cast: {
      text: 'prove first ballots, or one that was prepared; with --box, hand them in',
      settings: [...ONLINE, 'cache', 'passphraseFile', 'artifacts'],
      required: [IDENTITY, UPDATES],
      options: [VOTES, PREPARED, RECORD_INSTEAD, ...SERVICE],
      repeated: [BOXES],
      load: async () => (await import('../voter/cast.ts')).cast,
    },
    change: {
      text: 'encrypt and prove changed ballots; with --box, hand them in',
      settings: [...ONLINE, 'cache', 'passphraseFile', 'artifacts'],
      required: [IDENTITY, VOTES, UPDATES],
      options: [RECORD_INSTEAD, ...SERVICE],
      repeated: [BOXES],
      load: async () => (await import('../voter/cast.ts')).change,
    },
    hand: {
      text: 'hand update files to ballot boxes, once more or for the first time',
      args: '<updates...>',
      settings: OFFLINE,
      repeated: [BOXES],
      load: async () => (await import('../voter/hand.ts')).hand,
    },
    follow: {
      text: 'follow ballots until they are on chain; exit 4 if one has to be made again',
      args: '<receipts...>',
      settings: OFFLINE,
      options: [['--once', 'look once: exit 6 while one is still waiting']],
      load: async () => (await import('../voter/follow.ts')).follow,
    },
  };
}
