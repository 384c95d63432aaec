import { constants } from 'node:fs';
import { link, mkdir, open, readdir, rename, stat, unlink, writeFile as writeAll } from 'node:fs/promises';
import { createHash, randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { UrnaError, require } from '../errors.ts';
import { decodeUtf8 } from '../canonical-json.ts';

/** Bytes that any one input file may have, unless its reader says otherwise: 64 MiB. */
const MAX_BYTES = 64 * 2 ** 20;
/** Bytes of a piece of a file that is not read at once. */
const CHUNK = 2 ** 18;

/**
 * The bytes of a file.
 *
 * @throws `file/missing`, `file/unreadable`, `file/too-large` before anything oversized is read
 */
export async function readBytes(path: string, maxBytes = MAX_BYTES): Promise<Uint8Array> {
  const handle = await open(path, constants.O_RDONLY).catch((error: unknown) => refuse(error, path));
  try {
    const info = await handle.stat();
    require(info.isFile() || info.isFIFO(), 'file/unreadable', `${path} is not a file`);
    require(info.size <=
      maxBytes, 'file/too-large', `${path} has ${info.size} bytes; at most ${maxBytes} are accepted`);
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

/** A file in pieces, of any size. @throws `file/missing`, `file/unreadable` */
export async function* streamBytes(path: string): AsyncGenerator<Uint8Array> {
  const handle = await open(path, constants.O_RDONLY).catch((error: unknown) => refuse(error, path));
  try {
    const info = await handle.stat();
    require(info.isFile() || info.isFIFO(), 'file/unreadable', `${path} is not a file`);
    for (;;) {
      const { buffer, bytesRead } = await handle.read({ buffer: new Uint8Array(CHUNK) });
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

/**
 * A file that is read more than once and must be the same each time: its SHA-256 is, from the second time on.
 *
 * @returns what opens it @throws `file/changed` before the last piece, and the codes of {@link streamBytes}
 */
export function reopenable(path: string): () => AsyncGenerator<Uint8Array> {
  let known: string | undefined;
  return async function* opened() {
    const info = await stat(path).catch((error: unknown) => refuse(error, path));
    require(info.isFile(), 'file/unreadable', `${path} is read more than once: it must be a file, not a pipe`);
    const hash = createHash('sha256');
    let held: Uint8Array | undefined;
    for await (const chunk of streamBytes(path)) {
      hash.update(chunk);
      if (held !== undefined) yield held;
      held = chunk;
    }
    const digest = hash.digest('hex');
    known ??= digest;
    require(digest === known, 'file/changed', `${path} was changed while it was being read`);
    if (held !== undefined) yield held;
  };
}

/** The text of a UTF-8 file. @throws `json/utf8` and the codes of {@link readBytes} */
export async function readText(path: string, maxBytes = MAX_BYTES): Promise<string> {
  return decodeUtf8(await readBytes(path, maxBytes));
}

/**
 * A file that only its owner may read (DESIGN §4).
 *
 * @throws `secret/permissions` if group or others have any right to it, and the codes of {@link readBytes}
 */
export async function readSecret(path: string, maxBytes = 2 ** 20): Promise<Uint8Array> {
  const info = await stat(path).catch((error: unknown) => refuse(error, path));
  const open = (info.mode & 0o077) !== 0 && process.platform !== 'win32';
  require(!open, 'secret/permissions', `others can read ${path}: run "chmod 600" on it and consider the secret known`);
  return readBytes(path, maxBytes);
}

/** All of a file, or its text in pieces: what is longer than a string may be. */
export type Content = string | Uint8Array | Iterable<string> | AsyncIterable<string>;

/** How a file is written: `secret` files get mode 0600; `replace` allows a file to be there already. */
export interface WriteMode {
  readonly secret?: boolean;
  readonly replace?: boolean;
}

/**
 * Writes all of a file or nothing: a temporary neighbour is synced, then linked or renamed into place, and the folder synced, so that
 * what follows can rely on the file even after a power cut.
 *
 * @throws `file/exists` unless `replace`, `file/unwritable`
 */
export async function writeFile(path: string, content: Content, mode: WriteMode = {}): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true }).catch((error: unknown) => refuse(error, folder));
  const temporary = join(folder, `.${randomBytes(8).toString('hex')}.tmp`);
  const handle = await open(temporary, 'wx', mode.secret === true ? 0o600 : 0o644).catch((e: unknown) =>
    refuse(e, path),
  );
  try {
    await writeAll(handle, content);
    await handle.sync();
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    if (error instanceof Error && 'syscall' in error) refuse(error, path);
    throw error; // of whoever makes the pieces
  } finally {
    await handle.close();
  }
  try {
    if (mode.replace === true) await rename(temporary, path);
    else await link(temporary, path).then(() => unlink(temporary));
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    refuse(error, path);
  }
  await syncFolder(folder);
}

/** Windows opens no folders, and keeps its names in a journal. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, constants.O_RDONLY).catch((error: unknown) => refuse(error, folder));
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Whether something is at `path`. */
export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** Paths of the plain files in `folder` whose names end in `suffix`, sorted by name. @throws `file/missing` */
export async function listFolder(folder: string, suffix: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: unknown) => refuse(error, folder));
  return names
    .filter((name) => name.endsWith(suffix) && !name.startsWith('.'))
    .sort()
    .map((name) => join(folder, name));
}

/** The paths given, each folder replaced by its files ending in `suffix`. @throws `file/missing` */
export async function expandPaths(paths: readonly string[], suffix: string): Promise<string[]> {
  const out: string[] = [];
  for (const path of paths) {
    const info = await stat(path).catch((error: unknown) => refuse(error, path));
    if (info.isDirectory()) out.push(...(await listFolder(path, suffix)));
    else out.push(path);
  }
  return out;
}

/** Throws what an error of the file system means for `path`. @throws `file/*` */
export function refuse(error: unknown, path: string): never {
  throw fileError(error, path);
}

/** What an error of the file system means for `path`: `file/*`. */
export function fileError(error: unknown, path: string): UrnaError {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') return new UrnaError('file/missing', `there is no file ${path}`);
  if (code === 'EEXIST') return new UrnaError('file/exists', `${path} exists already and is not overwritten`);
  if (code === 'EISDIR') return new UrnaError('file/unreadable', `${path} is a folder`);
  if (code === 'EACCES' || code === 'EPERM') return new UrnaError('file/unreadable', `no permission for ${path}`);
  return new UrnaError('file/unwritable', `${path}: ${code ?? 'cannot be accessed'}`);
}
