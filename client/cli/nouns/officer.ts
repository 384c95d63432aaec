import type { Command } from 'commander';
import { keyVerb } from '../frame/key-verb.ts';
import { nounOf } from '../frame/verbs.ts';
import { OFFLINE, POSTING, RECORD } from './shared.ts';

/** `urna officer`: the commission's acts, signed offline and submitted by anyone. */
export function officerNoun(): Command {
  return nounOf('officer', 'officers: sign acts offline; anyone submits what a quorum signed', {
    key: keyVerb('officer'),
    sign: {
      text: 'derive an act from the own material and sign it: approve, credentials, version, seal, extend, cancel, certify or anchor',
      args: '<act>',
      settings: [...OFFLINE, 'passphraseFile', 'artifacts'],
      required: [
        ['--key <file>', 'key file of the officer'],
        RECORD,
        ['--expires <time>', 'last time at which the act may take effect; all officers give the same'],
        ['--out <file>', 'act file'],
      ],
      options: [
        ['--lists <folder>', 'credentials: folder of the lists, <district>.json'],
        ['--registrations <file>', 'version, seal: registrations.jsonl'],
        ['--roll-version <n>', 'version, seal: number of the roll version'],
        ['--previous <file>', 'version: registrations.jsonl of the version before'],
        ['--reasons <file>', 'version: reasons of every changed entry'],
        ['--closes-at <time>', 'extend: new closing time'],
        ['--reason <text>', 'extend, cancel: the public reason'],
      ],
      load: async () => (await import('../officer/sign.ts')).sign,
    },
    subjects: {
      text: 'sign the list of those who may register with a second factor, for the registrar',
      settings: [...OFFLINE, 'passphraseFile'],
      required: [
        ['--key <file>', 'key file of the officer'],
        ['--names <file>', 'eligible subjects as the provider names them, one a line'],
        ['--issuer <url>', 'the provider, exactly as the registrar’s setting oidcIssuer names it'],
        ['--out <file>', 'signed statement; those of a quorum, one after the other in one file, seal the list'],
      ],
      load: async () => (await import('../officer/subjects.ts')).subjects,
    },
    submit: {
      text: "put an act with a quorum's signatures on chain",
      args: '<files...>',
      settings: POSTING,
      load: async () => (await import('../officer/submit.ts')).submit,
    },
  });
}
