import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { publishedName } from '../../protocol/record/head.ts';
import { stream } from '../protocol/checks/world/random.ts';
import { HEAD, linesIn, readHead, recut, rewrite, withHead } from './damage.ts';

/** A whole number from 0 to before `below`. */
type Draw = (below: number) => number;

function drawFrom(seed: string): Draw {
  const bytes = stream(seed);
  return (below) => Number(new DataView(Uint8Array.from(bytes(8)).buffer).getBigUint64(0) % BigInt(below));
}

/** What happens to bytes by accident, or by hand of somebody who does not look at what they mean. */
const ACCIDENTS: Readonly<Record<string, (bytes: Buffer, draw: Draw) => Buffer>> = {
  flip: (bytes, draw) => {
    const at = draw(bytes.length);
    return bytes.fill((bytes[at] ?? 0) ^ (1 << draw(8)), at, at + 1);
  },
  cut: (bytes, draw) => bytes.subarray(0, draw(bytes.length)),
  lose: (bytes, draw) => {
    const at = draw(bytes.length);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + draw(64))]);
  },
  repeat: (bytes, draw) => {
    const at = draw(bytes.length);
    return Buffer.concat([bytes.subarray(0, at + 1 + draw(64)), bytes.subarray(at)]);
  },
  swap: (bytes, draw) => {
    const [a, b] = [draw(bytes.length), draw(bytes.length)];
    const [first = 0, second = 0] = [bytes[a], bytes[b]];
    return bytes.fill(second, a, a + 1).fill(first, b, b + 1);
  },
  zeros: (bytes, draw) => {
    const at = draw(bytes.length);
    return bytes.fill(0, at, Math.min(bytes.length, at + 1 + draw(512)));
  },
};

/** What happens to lines. */
const SHUFFLES: Readonly<Record<string, (lines: string[], draw: Draw) => string[]>> = {
  'lose a line': (lines, draw) => lines.toSpliced(draw(lines.length), 1),
  'repeat a line': (lines, draw) => {
    const at = draw(lines.length);
    return lines.toSpliced(at, 0, lines[at] ?? '');
  },
  'swap lines': (lines, draw) => {
    const [a, b] = [draw(lines.length), draw(lines.length)];
    return lines.with(a, lines[b] ?? '').with(b, lines[a] ?? '');
  },
  'change a digit': (lines, draw) => {
    const at = draw(lines.length);
    const line = lines[at] ?? '';
    const digits = [...line.matchAll(/[0-9]/gu)].map(({ index }) => index);
    const place = digits[draw(digits.length)] ?? 0;
    return lines.with(at, `${line.slice(0, place)}${draw(10)}${line.slice(place + 1)}`);
  },
};

const pick = <T>(list: readonly T[], draw: Draw): T => list[draw(list.length)] as T;

/** A way to come to a damaged record from a whole one of one segment. @returns what was done */
type Way = (folder: string, draw: Draw) => string;

/** Bytes of any file of the record. */
const anyFile: Way = (folder, draw) => {
  const { segments, files } = readHead(folder);
  const segment = segments.map((_, i) => `segments/00000${i}.jsonl.gz`);
  const name = pick([HEAD, HEAD, ...segment, ...segment, ...files.map((file) => publishedName(file.name))], draw);
  const [accident, change] = pick(Object.entries(ACCIDENTS), draw);
  const path = join(folder, name);
  writeFileSync(path, change(readFileSync(path), draw));
  return `${accident} ${name}`;
};

/** What a segment holds, compressed again. */
const content: Way = (folder, draw) => {
  const [accident, change] = pick(Object.entries(ACCIDENTS), draw);
  rewrite(folder, 0, change(gunzipSync(readFileSync(join(folder, 'segments/000000.jsonl.gz'))), draw));
  return `${accident} what the segment holds`;
};

/** Lines in another way, and hashes and head following: the record is whole, if they still are. */
const lines: Way = (folder, draw) => {
  const [shuffle, change] = pick(Object.entries(SHUFFLES), draw);
  const changed = change(linesIn(folder, 'segments/000000.jsonl.gz'), draw);
  rewrite(folder, 0, Buffer.from(changed.map((line) => `${line}\n`).join('')));
  recut(folder, [changed.length]);
  withHead(folder, (head) => {
    head.entries = changed.length;
    head.hash = head.segments[0]?.hash ?? head.hash;
  });
  return shuffle;
};

const WAYS: readonly Way[] = [anyFile, anyFile, content, lines];

/** What was done to a record: for people, and whether its hashes were made to fit. */
export interface RandomDamage {
  readonly what: string;
  readonly fits: boolean;
}

/** Copies a whole record and damages the copy, the same way for the same number. */
export function damageAtRandom(whole: string, folder: string, number: number): RandomDamage {
  cpSync(whole, folder, { recursive: true });
  const draw = drawFrom(`urna/v1/random-damage/${number}`);
  const way = pick(WAYS, draw);
  return { what: `${number}: ${way(folder, draw)}`, fits: way === lines };
}
