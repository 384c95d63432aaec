import type { SettingName } from '../frame/settings.ts';
import type { OptionSpec } from '../frame/verbs.ts';

/** What names an election without a chain. */
export const OFFLINE: readonly SettingName[] = ['definition', 'deployment', 'election', 'public'];
/** What reading from a chain takes. */
export const ONLINE: readonly SettingName[] = [...OFFLINE, 'rpc'];
/** What posting to a chain takes. */
export const POSTING: readonly SettingName[] = [...ONLINE, 'accountFile', 'passphraseFile', 'accountPassphraseFile'];

export const RECORD: OptionSpec = ['--record <file>', 'record.json of a record, exported with "urna record export"'];
export const RECORD_INSTEAD: OptionSpec = ['--record <file>', 'record.json of a record instead of a node'];
export const SO_FAR: OptionSpec = ['--so-far', 'an election that has not come to its end is no reason for exit 6'];
export const RESUME: OptionSpec = [
  '--resume <file>',
  'own note of how far proofs were verified: they are not verified again, and the note is renewed',
];
export const CODE_FILE: OptionSpec = [
  '--code-file <file>',
  'file with the credential (mode 0600); asked for otherwise',
];
