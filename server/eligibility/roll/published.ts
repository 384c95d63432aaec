import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, writeFile as writeAll } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { canonicalBytes, parseCanonical } from '../../../protocol/canonical-json.ts';
import type { RegisterEvents } from '../../../protocol/credentials/registration-lines.ts';
import { readRegistrations, registrationPieces } from '../../../protocol/credentials/registration-lines.ts';
import { surveyRegistrations, surveyedMembers } from '../../../protocol/credentials/survey.ts';
import { decodeHex, encodeHex, wordHex } from '../../../protocol/encoding.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { UrnaError } from '../../../protocol/errors.ts';
import { readIndex, readMembers } from '../../../protocol/json-members.ts';
import { exists, readBytes, writeFile } from '../../../protocol/node/files.ts';
import type { WordList } from '../../../protocol/word-list.ts';
import type { TilePool } from '../../frame/tile-pool.ts';
import { withLeafThreads } from './leaf-pool.ts';
import { buildTiles } from './tiles.ts';

/** A version of the roll whose files are all there. */
export interface PublishedVersion {
  readonly version: number;
  /** Merkle root of its registrations (SPEC §5.6). */
  readonly registrationsRoot: Hex;
  /** Root of each district. */
  readonly roots: readonly Hex[];
}

export function registrationsFile(folder: string, version: number): string {
  return join(folder, `registrations-${version}.jsonl`);
}

export function reasonsFile(folder: string, version: number): string {
  return join(folder, `reasons-${version}.json`);
}

export function tileFile(folder: string, version: number, district: number, level: number, index: number): string {
  return join(folder, 'tiles', String(version), String(district), String(level), String(index));
}

function headFile(folder: string, version: number): string {
  return join(folder, `version-${version}.json`);
}

/**
 * Writes registrations beside their place, an entry in memory at a time.
 *
 * @param entries - in the file's order
 * @returns the path from which they are to be moved to {@link registrationsFile}
 */
export async function stageRegistrations(folder: string, version: number, entries: RegisterEvents): Promise<string> {
  const path = `${registrationsFile(folder, version)}.${randomBytes(8).toString('hex')}.part`;
  await mkdir(dirname(path), { recursive: true });
  const file = await open(path, 'w');
  try {
    await writeAll(file, registrationPieces(entries));
    await file.sync();
  } finally {
    await file.close();
  }
  return path;
}

/**
 * Makes tiles and, last of all, the head of a version from its file of registrations. Whoever finds the head finds everything.
 *
 * @param districts - how many there are
 * @throws `registration-file/*`
 */
export async function publishVersion(
  pool: TilePool,
  folder: string,
  version: number,
  districts: number,
): Promise<PublishedVersion> {
  const { root, members } = await readMembersOf(folder, version, districts);
  const roots: Hex[] = [];
  for (const [district, list] of members.entries()) {
    const tiles = await buildTiles(pool, list);
    const write = (level: number, index: number, bytes: Uint8Array): Promise<void> =>
      writeFile(tileFile(folder, version, district, level, index), bytes, { replace: true });
    for (const [index, bytes] of tiles.lower.entries()) await write(0, index, bytes);
    if (tiles.lower.length > 0) await write(1, 0, tiles.upper);
    roots.push(encodeHex(tiles.root));
  }
  const published = { version, registrationsRoot: wordHex(root), roots };
  await writeFile(headFile(folder, version), canonicalBytes(published), { replace: true });
  return published;
}

/** Root and members of a version's file. @throws `registration-file/*`, `file/*` */
export async function readMembersOf(
  folder: string,
  version: number,
  districts: number,
): Promise<{ readonly root: bigint; readonly members: readonly WordList[] }> {
  const stream = createReadStream(registrationsFile(folder, version));
  const survey = await withLeafThreads((hash) => surveyRegistrations(readRegistrations(stream), districts, hash));
  return { root: survey.root, members: surveyedMembers(survey) };
}

/** A published version, undefined where it is not (or not wholly) there. @throws `published/head` */
export async function readPublished(folder: string, version: number): Promise<PublishedVersion | undefined> {
  const path = headFile(folder, version);
  if (!(await exists(path))) return undefined;
  const code = 'published/head';
  const head = readMembers(
    parseCanonical(await readBytes(path, 2 ** 20)),
    ['registrationsRoot', 'roots', 'version'],
    code,
  );
  if (!Array.isArray(head.roots)) throw new UrnaError(code, `${path} is not the head of a version`);
  const word = (value: unknown): Hex => encodeHex(decodeHex(value, 32));
  return {
    ...{ version: readIndex(head.version, code, 1), registrationsRoot: word(head.registrationsRoot) },
    roots: head.roots.map(word),
  };
}

/** Number of the newest version that is published; 0 if none is. */
export async function newestPublished(folder: string): Promise<number> {
  if (!(await exists(folder))) return 0;
  const names = await readdir(folder);
  const numbers = names.map((name) => Number(/^version-([1-9][0-9]{0,6})\.json$/u.exec(name)?.[1] ?? 0));
  return Math.max(0, ...numbers);
}
