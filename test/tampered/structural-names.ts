import { publishedName } from '../../protocol/record/head.ts';
import { HEAD, headNames } from './damage.ts';
import type { Damage } from './structural.ts';

/** Names that no published file has (SPEC §14.5). */
const UNKNOWN = [
  'reasons-0.json',
  'reasons-1.json',
  'reasons-02.json',
  'reasons-1000000000.json',
  'registrations-0.jsonl',
  'registrations-01.jsonl',
  'registrations-1000000000.jsonl',
  'registrations-1.json',
  'credentials/North.json',
  `credentials/${'a'.repeat(33)}.json`,
  'credentials/../election.json',
  'circuits/ballot-4/vkey.json',
  'circuits/ballot-2/ballot.zkey',
  'election.json\n',
  '',
];

/** The outermost names that there are, and how many bytes a file of the name may have. */
const KNOWN: readonly (readonly [name: string, most: number])[] = [
  ['election.json', 2 ** 22],
  ['build.json', 2 ** 20],
  [`credentials/${'0-z'.repeat(10)}az.json`, 2 ** 28],
  ['registrations-9.jsonl', 2 ** 41],
  ['registrations-999999999.jsonl', 2 ** 41],
  ['reasons-2.json', 2 ** 26],
  ['reasons-10.json', 2 ** 26],
  ['reasons-999999999.json', 2 ** 26],
  ['circuits/ballot-16/vkey.json', 2 ** 20],
  ['circuits/ballot-2/manifest.json', 2 ** 20],
  ['seals.json', 2 ** 26],
];

/** What is there in the long record, and has other bytes than so many. */
const THERE = new Set(['election.json', 'build.json', 'circuits/ballot-2/manifest.json', 'reasons-2.json']);

const slug = (name: string): string => name.replace(/[^a-z0-9]+/gu, '-').replace(/-$/u, '');

/** Names and lengths of published files that a head may not have, and, each time, those that it may just have. */
export const NAMES: readonly Damage[] = [
  ...UNKNOWN.map((name, i) => ({
    ...{ name: `head-file-name-${i}-${slug(name).slice(0, 40)}`, code: 'record/head', place: HEAD },
    damage: headNames(name),
  })),
  ...KNOWN.flatMap(([name, most]) => [
    {
      ...{ name: `head-file-huge-${slug(name)}`, code: 'record/head', place: HEAD },
      damage: headNames(name, most + 1),
    },
    {
      name: `head-file-largest-${slug(name)}`,
      code: THERE.has(name) ? 'record/length' : 'record/missing',
      place: publishedName(name),
      damage: headNames(name, most),
    },
  ]),
];
