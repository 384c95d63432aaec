import { readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { flipBit, last, linesIn, recut, relines, rewrite, second, makeFolder, swap, text } from './damage.ts';
import { HEADS } from './structural-heads.ts';
import { NAMES } from './structural-names.ts';

/** A record that is not whole, made of a whole one with three segments; its code (SPEC §14.6) and the place it must name. */
export interface Damage {
  readonly name: string;
  readonly code: string;
  readonly place: string;
  damage(folder: string): void;
}

/** Damages of segments. */
const SEGMENTS: readonly Damage[] = [
  { name: 'segment-missing', code: 'record/missing', place: second, damage: (f) => rmSync(join(f, second)) },
  { name: 'segment-is-a-folder', code: 'record/missing', place: second, damage: (f) => makeFolder(join(f, second)) },
  {
    name: 'segment-truncated',
    code: 'record/gzip',
    place: second,
    damage: (f) => truncateSync(join(f, second), readFileSync(join(f, second)).length - 9),
  },
  { name: 'segment-empty-file', code: 'record/gzip', place: second, damage: (f) => truncateSync(join(f, second), 0) },
  {
    name: 'segment-not-compressed',
    code: 'record/gzip',
    place: last,
    damage: (f) => writeFileSync(join(f, last), gunzipSync(readFileSync(join(f, last)))),
  },
  {
    name: 'segment-checksum-flipped',
    code: 'record/gzip',
    place: second,
    damage: (f) => flipBit(join(f, second), readFileSync(join(f, second)).length - 8),
  },
  {
    name: 'segment-trailing-bytes',
    code: 'record/gzip',
    place: last,
    damage: (f) => writeFileSync(join(f, last), Buffer.concat([readFileSync(join(f, last)), Buffer.alloc(3)])),
  },
  {
    name: 'segment-second-member',
    code: 'record/gzip',
    place: last,
    damage: (f) =>
      writeFileSync(join(f, last), Buffer.concat([readFileSync(join(f, last)), gzipSync(new Uint8Array())])),
  },
  {
    name: 'segment-bomb',
    code: 'record/length',
    place: second,
    damage: (f) => writeFileSync(join(f, second), gzipSync(Buffer.alloc(2 ** 28))),
  },
  {
    name: 'segment-too-short',
    code: 'record/length',
    place: last,
    damage: (f) => writeFileSync(join(f, last), gzipSync(text(linesIn(f, last).slice(0, -1)))),
  },
  {
    name: 'segments-swapped',
    code: 'record/length',
    place: 'segments/000000.jsonl.gz',
    damage: (f) => {
      renameSync(join(f, 'segments/000000.jsonl.gz'), join(f, 'swap'));
      renameSync(join(f, second), join(f, 'segments/000000.jsonl.gz'));
      renameSync(join(f, 'swap'), join(f, second));
    },
  },
  {
    name: 'line-cut-off',
    code: 'record/line',
    place: `${last}, line 3 (entry 2050)`,
    damage: (f) => rewrite(f, 2, text(linesIn(f, last).slice(0, 3)).slice(0, -1)),
  },
  {
    name: 'line-huge',
    code: 'record/line',
    place: `${last}, line 2 (entry 2049)`,
    damage: (f) => relines(f, 2, ([first = '']) => [first, JSON.stringify('x'.repeat(2 ** 20))]),
  },
  {
    name: 'line-not-json',
    code: 'record/line',
    place: `${second}, line 2 (entry 1025)`,
    damage: (f) => relines(f, 1, (lines) => lines.with(1, lines[1]?.slice(0, -1) ?? '')),
  },
  {
    name: 'line-not-canonical',
    code: 'record/line',
    place: `${second}, line 1024 (entry 2047)`,
    damage: (f) => relines(f, 1, (lines) => lines.with(1023, lines[1023]?.replace('{', '{ ') ?? '')),
  },
  {
    name: 'line-repeated-key',
    code: 'record/line',
    place: `${second}, line 1 (entry 1024)`,
    damage: (f) => relines(f, 1, (lines) => lines.with(0, lines[0]?.replace('{', '{"block":1,') ?? '')),
  },
  {
    name: 'line-number-with-fraction',
    code: 'record/line',
    place: `${second}, line 5 (entry 1028)`,
    damage: (f) => relines(f, 1, (lines) => lines.with(4, lines[4]?.replace(/"block":\d+/u, '"block":0.5') ?? '')),
  },
  {
    name: 'line-number-negative',
    code: 'record/line',
    place: `${second}, line 5 (entry 1028)`,
    damage: (f) => relines(f, 1, (lines) => lines.with(4, lines[4]?.replace(/"block":\d+/u, '"block":-1') ?? '')),
  },
  {
    name: 'line-too-deep',
    code: 'record/line',
    place: `${second}, line 1 (entry 1024)`,
    damage: (f) => relines(f, 1, (lines) => lines.with(0, `${'['.repeat(40)}1${']'.repeat(40)}`)),
  },
  {
    name: 'line-of-33-empty-brackets',
    code: 'record/line',
    place: `${second}, line 1 (entry 1024)`,
    damage: (f) => relines(f, 1, (lines) => lines.with(0, '['.repeat(33) + ']'.repeat(33))),
  },
  {
    name: 'line-not-utf-8',
    code: 'record/line',
    place: `${last}, line 1 (entry 2048)`,
    damage: (f) => rewrite(f, 2, Buffer.concat([Buffer.from([0x22, 0xff, 0x22, 0x0a]), text(linesIn(f, last))])),
  },
  {
    name: 'line-empty',
    code: 'record/line',
    place: `${last}, line 2 (entry 2049)`,
    damage: (f) => relines(f, 2, (lines) => lines.toSpliced(1, 0, '')),
  },
  {
    name: 'line-behind-the-end-of-a-segment',
    code: 'record/line',
    place: `${second}, line 1026 (entry 2049)`,
    damage: (f) => relines(f, 1, (lines) => [...lines, lines[0] ?? '', '{']),
  },
  {
    name: 'entry-too-many',
    code: 'record/cut',
    place: second,
    damage: (f) => relines(f, 1, (lines) => [...lines, lines[0] ?? '']),
  },
  {
    name: 'entry-left-out',
    code: 'record/cut',
    place: second,
    damage: (f) => relines(f, 1, (lines) => lines.toSpliced(10, 1)),
  },
  {
    name: 'segment-ends-early',
    code: 'record/cut',
    place: second,
    damage: (f) => recut(f, [1024, 1500, 2148]),
  },
  {
    name: 'segment-cut-that-is-never-reached',
    code: 'record/cut',
    place: 'segments/000000.jsonl.gz',
    damage: (f) => recut(f, [1000, 2024, 2148]),
  },
  {
    name: 'entries-swapped',
    code: 'record/hash',
    place: second,
    damage: (f) => relines(f, 1, (lines) => swap(lines, 3, 4)),
  },
  {
    name: 'digit-changed',
    code: 'record/hash',
    place: 'segments/000000.jsonl.gz',
    damage: (f) => relines(f, 0, (lines) => lines.with(9, lines[9]?.replace(/"block":\d/u, '"block":9') ?? '')),
  },
];

const definition = 'files/election.json';

/** Damages of published files. */
const FILES: readonly Damage[] = [
  { name: 'file-missing', code: 'record/missing', place: definition, damage: (f) => rmSync(join(f, definition)) },
  {
    name: 'file-is-a-folder',
    code: 'record/missing',
    place: definition,
    damage: (f) => makeFolder(join(f, definition)),
  },
  {
    name: 'file-truncated',
    code: 'record/length',
    place: definition,
    damage: (f) => truncateSync(join(f, definition), 100),
  },
  {
    name: 'file-longer',
    code: 'record/length',
    place: 'files/registrations-1.jsonl',
    damage: (f) => {
      const path = join(f, 'files/registrations-1.jsonl');
      writeFileSync(path, Buffer.concat([readFileSync(path), Buffer.from('\n')]));
    },
  },
  {
    name: 'file-bit-flipped',
    code: 'record/hash',
    place: 'files/circuits/ballot-2/vkey.json',
    damage: (f) => flipBit(join(f, 'files/circuits/ballot-2/vkey.json'), 100),
  },
];

/** Every way in which a record is not whole. */
export const DAMAGES: readonly Damage[] = [...HEADS, ...NAMES, ...SEGMENTS, ...FILES];
