import type { Command } from 'commander';
import { nounOf } from '../frame/verbs.ts';

/** `urna credentials`: the credential authority, offline. */
export function credentialsNoun(): Command {
  return nounOf('credentials', 'credential authority: codes for voters, keys for the registrar', {
    make: {
      text: 'make a credential for every voter of a list, letters and a reserve of 2 %',
      settings: ['definition'],
      required: [
        ['--voters <csv>', 'voter list: id, name, district and optionally address (lines parted by "|")'],
        ['--out <folder>', 'new folder: public/ for everyone, secret/ for the authority'],
      ],
      load: async () => (await import('../credentials/make.ts')).makeCredentials,
    },
  });
}
