import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A command of a party of the finished demo, and a file of its folder that it reads. */
export interface Reading {
  readonly party: string;
  readonly words: readonly string[];
  readonly file: string;
}

const SIGN = ['--key', 'key.age', '--expires', '2100-01-01T00:00:00Z', '--out', 'never.json'];
const PUBLIC = { definition: 'public/election.json', deployment: 'public/deployment.json' };

/** Every kind of file that the command takes from others, each read by one command that needs no node. */
export function readings(record: { readonly officer: string; readonly trustee: string; readonly observer: string }) {
  const certify = ['officer', 'sign', 'certify', '--record', record.officer, ...SIGN];
  const lists = [
    'officer',
    'sign',
    'credentials',
    '--record',
    record.officer,
    '--lists',
    'public/credentials',
    ...SIGN,
  ];
  const secrets = ['--key', 'key.age', '--secrets', 'secrets', '--record', record.trustee, '--out', 'never.json'];
  const own = ['--commitment', 'identity.commitment.json', '--code-file', 'code.txt', '--district', 'north'];
  const register = ['voter', 'register', ...own, '--out', 'never.json'];
  const checking = ['--registrations', 'public/registrations-1.jsonl', '--registration', 'registration-north-1.json'];
  const challenge = ['roll', 'challenge', ...checking, '--record', `../../observer/${record.observer}`];
  const handed = '../voters/north-1/registration-north-1.json';
  const collect = ['roll', 'collect', handed, '--lists', 'public/credentials', '--out', 'never.jsonl'];
  const result = ['tally', 'result', '--record', record.observer];
  const all: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ['officer-1', certify, [PUBLIC.definition, PUBLIC.deployment, record.officer]],
    ['officer-1', lists, ['key.age', 'public/credentials/north.json']],
    ['trustee-3', ['trustee', 'decrypt', ...secrets], ['key.age', record.trustee]],
    ['voters/north-1', register, ['identity.commitment.json', 'code.txt']],
    ['voters/north-1', challenge, ['public/registrations-1.jsonl', 'registration-north-1.json']],
    ['registrar', collect, ['public/credentials/north.json']],
    ['authority', ['credentials', 'make', '--voters', 'voters.csv', '--out', 'never'], ['voters.csv']],
    ['commission', ['election', 'new', '--draft', 'draft.json', '--out', 'never.json'], ['draft.json']],
    ['observer', result, [record.observer]],
  ];
  return all.flatMap(([party, words, files]): Reading[] => files.map((file) => ({ party, words, file })));
}

/** What is put in the place of a file. None of it is what any command asks for. */
export const SPOILT: readonly (readonly [string, (good: Uint8Array) => Uint8Array])[] = [
  ['nothing', () => new Uint8Array()],
  ['zeros', () => new Uint8Array(5000)],
  ['an empty object', () => Buffer.from('{}\n')],
  ['lists in lists', () => Buffer.from('['.repeat(4000))],
  ['its first half', (good) => good.subarray(0, good.length / 2)],
];

/** Runs `action` while the file holds something else; a record's folder has its head spoilt. */
export async function whileSpoilt<T>(
  path: string,
  spoil: (good: Uint8Array) => Uint8Array,
  action: () => Promise<T>,
): Promise<T> {
  const file = /record-\d+$/u.test(path) ? join(path, 'record.json') : path;
  const good = readFileSync(file);
  writeFileSync(file, spoil(good));
  try {
    return await action();
  } finally {
    writeFileSync(file, good);
  }
}
