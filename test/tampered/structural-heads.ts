import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HEAD, headIs, makeFolder, readHead, withHead } from './damage.ts';
import type { Damage } from './structural.ts';

/** Bytes that a head may have (SPEC §14.6). */
const LONG = 2 ** 24;

/** Damages of a head. */
export const HEADS: readonly Damage[] = [
  { name: 'head-missing', code: 'record/missing', place: HEAD, damage: (f) => rmSync(join(f, HEAD)) },
  { name: 'head-not-json', code: 'record/head', place: HEAD, damage: (f) => truncateSync(join(f, HEAD), 100) },
  {
    name: 'head-formatted',
    code: 'record/head',
    place: HEAD,
    damage: (f) => writeFileSync(join(f, HEAD), JSON.stringify(readHead(f), null, 2)),
  },
  { name: 'head-version-2', code: 'record/version', place: HEAD, damage: headIs((head) => (head['version'] = 2)) },
  { name: 'head-extra-member', code: 'record/head', place: HEAD, damage: headIs((head) => (head['note'] = 'x')) },
  { name: 'head-lacks-hash', code: 'record/head', place: HEAD, damage: headIs((head) => delete head['hash']) },
  {
    name: 'head-hash-upper-case',
    code: 'record/head',
    place: HEAD,
    damage: headIs((head) => (head['hash'] = `0x${'AB'.repeat(32)}`)),
  },
  { name: 'head-entries-do-not-add-up', code: 'record/head', place: HEAD, damage: headIs((h) => (h['entries'] = 7)) },
  {
    name: 'head-hash-not-the-last-segment-s',
    code: 'record/head',
    place: HEAD,
    damage: headIs((head) => (head['hash'] = `0x${'11'.repeat(32)}`)),
  },
  {
    name: 'head-segment-without-entries',
    code: 'record/head',
    place: HEAD,
    damage: (f) => withHead(f, (h) => (h.segments = [...h.segments, { entries: 0, bytes: 0, hash: h.hash }])),
  },
  {
    name: 'head-file-outside-the-record',
    code: 'record/head',
    place: HEAD,
    damage: (f) => withHead(f, (h) => (h.files = h.files.map((each) => ({ ...each, name: `../${each.name}` })))),
  },
  {
    name: 'head-files-out-of-order',
    code: 'record/head',
    place: HEAD,
    damage: (f) => withHead(f, (h) => (h.files = [...h.files].reverse())),
  },
  {
    name: 'head-of-another-election',
    code: 'record/election',
    place: HEAD,
    damage: headIs((head) => (head['election'] = `0x${'12'.repeat(20)}`)),
  },
  { name: 'head-is-a-folder', code: 'record/missing', place: HEAD, damage: (f) => makeFolder(join(f, HEAD)) },
  {
    name: 'head-huge',
    code: 'record/head',
    place: HEAD,
    damage: (f) => writeFileSync(join(f, HEAD), Buffer.concat([readFileSync(join(f, HEAD)), Buffer.alloc(LONG, ' ')])),
  },
  {
    name: 'head-of-brackets',
    code: 'record/head',
    place: HEAD,
    damage: (f) => writeFileSync(join(f, HEAD), '['.repeat(LONG / 2) + ']'.repeat(LONG / 2)),
  },
  {
    name: 'head-of-millions-of-values',
    code: 'record/head',
    place: HEAD,
    damage: (f) => writeFileSync(join(f, HEAD), `[${'{},'.repeat(LONG / 4)}0]`),
  },
];
