import type { Command } from 'commander';
import { nounOf } from '../frame/verbs.ts';
import type { OptionSpec } from '../frame/verbs.ts';

const FOLDER: OptionSpec = ['--folder <folder>', 'the ceremony, begun with "ceremony new"'];
const PTAU: OptionSpec = ['--ptau <file>', 'phase 1: powers of tau, ready for phase 2'];
const DATE: OptionSpec = ['--date <day>', 'today, such as 2027-05-09: stands in the transcript'];

const NEW_OPTIONS: readonly OptionSpec[] = [
  ['--ptau-hash <hash>', 'BLAKE2b hash that was published for the phase 1 file'],
  ['--own-ptau', 'instead: phase 1 was made for this'],
  ['--source <text>', 'where phase 1 is from (default: its file name)'],
  ['--contributions <n>', 'contributions needed before the beacon (default and least: 3)'],
  ['--iterations <n>', 'the beacon’s value is hashed 2^n times (default: 10)'],
  ['--development', 'the keys will be for development only'],
];

/** `urna ceremony`: setup of the circuits, phase 2. One honest contributor is enough; all together could forge votes. */
export function ceremonyNoun(): Command {
  return nounOf('ceremony', 'setup of the circuits: contributions, beacon, verification', {
    new: {
      text: 'begin the setup of a circuit in a new folder',
      required: [
        ['--circuit <name>', 'ballot-2, ballot-8 or ballot-16'],
        PTAU,
        ['--beacon <text>', 'the public randomness that will close it and does not exist yet, e.g. a block to come'],
        DATE,
        ['--out <folder>', 'new folder'],
      ],
      options: NEW_OPTIONS,
      load: async () => (await import('../ceremony/new.ts')).newCeremony,
    },
    contribute: {
      text: 'contribute, and print what to publish about it',
      required: [['--name <name>', 'your name']],
      options: [
        FOLDER,
        ['--date <day>', 'with --folder: today, such as 2027-05-09'],
        ['--zkey <file>', 'instead of the folder: its newest proving key'],
        ['--out <file>', 'with --zkey: where the new key goes, to be sent back'],
      ],
      load: async () => (await import('../ceremony/contribute.ts')).contribute,
    },
    accept: {
      text: 'take back a contribution that was made to the newest key alone, if it verifies',
      required: [FOLDER, ['--zkey <file>', 'what the contributor sent back'], PTAU, DATE],
      load: async () => (await import('../ceremony/contribute.ts')).accept,
    },
    beacon: {
      text: 'close the contributions with the public randomness named at the beginning',
      required: [FOLDER, ['--value <hex>', '32 to 128 bytes, 0x hex'], DATE],
      load: async () => (await import('../ceremony/contribute.ts')).beacon,
    },
    verify: {
      text: 'verify a ceremony, or a circuit’s published files, from phase 1 to the last byte',
      settings: ['artifacts'],
      required: [PTAU],
      options: [FOLDER, ['--circuit <name>', 'instead of the folder: verify this circuit of the artifacts']],
      load: async () => (await import('../ceremony/verify.ts')).verify,
    },
    export: {
      text: 'verify a closed ceremony and write the circuit’s files',
      required: [FOLDER, PTAU, ['--out <folder>', 'folder of artifacts; the files go into a new folder in it']],
      load: async () => (await import('../ceremony/verify.ts')).exportArtifacts,
    },
  });
}
