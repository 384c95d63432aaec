import { join } from 'node:path';
import { decodeHead, encodeHead } from '../../../ceremony/head.ts';
import type { Ceremony } from '../../../ceremony/steps.ts';
import { decodeTranscript, encodeTranscript } from '../../../ceremony/transcript.ts';
import { UrnaError } from '../../../protocol/errors.ts';
import { readBytes, writeFile } from '../../../protocol/node/files.ts';

const HEAD = 'ceremony.json';
const TRANSCRIPT = 'transcript.json';

/** The proving key after step `index` of a ceremony; 0 is the key that nobody has contributed to. */
function keyFile(folder: string, index: number): string {
  return join(folder, `${String(index).padStart(4, '0')}.zkey`);
}

/**
 * The ceremony in a folder: `ceremony.json`, `transcript.json` and the newest proving key; older ones need not be there.
 *
 * @throws `setup/ceremony`, `setup/transcript`, `file/*`, `json/*`
 */
export async function readCeremony(folder: string): Promise<Ceremony> {
  const head = decodeHead(await readBytes(join(folder, HEAD), 2 ** 16));
  const entries = decodeTranscript(await readBytes(join(folder, TRANSCRIPT), 2 ** 22));
  const zkey = await readBytes(keyFile(folder, entries.length - 1), MAX_KEY_BYTES);
  return { head, entries, zkey };
}

/** Bytes of a proving key that are read: the largest circuit's has 12 MB. */
export const MAX_KEY_BYTES = 2 ** 26;

/** Writes a new ceremony. The transcript comes last: without it there is none. @throws `file/exists`, `file/unwritable` */
export async function writeNewCeremony(folder: string, { head, entries, zkey }: Ceremony): Promise<void> {
  await writeFile(join(folder, HEAD), encodeHead(head));
  await writeFile(keyFile(folder, 0), zkey);
  await writeFile(join(folder, TRANSCRIPT), encodeTranscript(entries));
}

/**
 * Writes the newest step: first its key, as a new file, then the transcript that names it. Of two that contribute at the same time,
 * the second is refused.
 *
 * @returns the key's path
 * @throws `state/setup` if a key is there that the transcript does not name
 */
export async function writeStep(folder: string, { entries, zkey }: Ceremony): Promise<string> {
  const file = keyFile(folder, entries.length - 1);
  await writeFile(file, zkey).catch((error: unknown) => {
    if (!(error instanceof UrnaError) || error.code !== 'file/exists') throw error;
    const advice = 'someone is contributing, or was interrupted: if nobody is, delete it and contribute again';
    throw new UrnaError('state/setup', `${file} is there, but not in the transcript: ${advice}`);
  });
  await writeFile(join(folder, TRANSCRIPT), encodeTranscript(entries), { replace: true });
  return file;
}
