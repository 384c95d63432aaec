import type { Role } from '../../../protocol/node/key-file.ts';
import type { VerbSpec } from './verbs.ts';

/** The verb `key` of an office. */
export function keyVerb(role: Role): VerbSpec {
  return {
    text: `make the ${role} key, encrypted with a passphrase`,
    settings: ['passphraseFile'],
    required: [['--out <file>', 'key file (.age)']],
    load: async () => (await import('../keys/new-key.ts')).newKey(role),
  };
}
