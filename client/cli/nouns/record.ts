import type { Command } from 'commander';
import { nounOf } from '../frame/verbs.ts';
import { ONLINE, RESUME, SO_FAR } from './shared.ts';

/** `urna record`: the election record. */
export function recordNoun(): Command {
  return nounOf('record', 'record of an election: a folder, named by its record.json', {
    export: {
      text: 'write what the chain tells, up to its confirmed head, and the published files',
      settings: [...ONLINE, 'artifacts'],
      required: [['--out <folder>', 'folder of the record']],
      options: [['--extend', 'go on with the record that is there, which must be the beginning of the new one']],
      load: async () => (await import('../record/export.ts')).exportRecord,
    },
    fetch: {
      text: 'download the record from a public service; what was interrupted goes on; then verify it',
      args: '<url>',
      settings: ['election', 'definition'],
      required: [['--out <folder>', 'folder of the record']],
      options: [['--extend', 'go on with the record that is there, which must be the beginning of the new one']],
      load: async () => (await import('../record/fetch.ts')).fetchRecord,
    },
    verify: {
      text: 'verify a record offline: that it is whole, and the numbered checks; exit as "observe run"',
      args: '<record>',
      settings: ['election', 'definition'],
      options: [SO_FAR, RESUME],
      load: async () => (await import('../observe/run.ts')).verifyRecordFile,
    },
    diff: {
      text: 'whether a later record extends an earlier one; exit 1 with the first segment and entry that differ',
      args: '<older> <newer>',
      load: async () => (await import('../record/diff.ts')).diff,
    },
    anchor: {
      text: 'verify a record and say what an anchor of it is about, before officers sign it',
      args: '<record>',
      settings: ['election', 'definition'],
      load: async () => (await import('../record/anchor.ts')).anchor,
    },
  });
}
