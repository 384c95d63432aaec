import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { UrnaError } from '../errors.ts';
import type { RecordFiles } from '../record/files.ts';
import { HEAD_FILE } from '../record/head.ts';
import { decompress } from './gzip.ts';

/** The record that `--record` names: by its head file, or by the folder that this lies in. */
export function recordAt(path: string): RecordFiles {
  return folderFiles(folderOf(path));
}

/** The folder of a record named so. */
export function folderOf(path: string): string {
  return basename(path) === HEAD_FILE ? dirname(path) : path;
}

/** A record in a folder. Names come from its decoded head, so that none leads out of the folder; what is no file, is not there. */
export function folderFiles(folder: string): RecordFiles {
  return {
    read: (name, limit) => present(join(folder, name), (path) => readUpTo(path, limit + 1)),
    stream: (name) => present(join(folder, name), openStream),
    inflate: (compressed, limit) => Promise.resolve(decompress(compressed, limit)),
  };
}

async function present<T>(path: string, use: (path: string) => Promise<T>): Promise<T | undefined> {
  try {
    // Seen before it is opened: a pipe lets whoever opens it wait for ever.
    return (await stat(path)).isFile() ? await use(path) : undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new UrnaError('file/unreadable', `${path} cannot be read (${code ?? 'unknown reason'})`);
  }
}

async function readUpTo(path: string, length: number): Promise<Uint8Array> {
  const handle = await open(path);
  try {
    const { size } = await handle.stat();
    const bytes = new Uint8Array(Math.min(size, length));
    let filled = 0;
    while (filled < bytes.length) {
      const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return bytes.subarray(0, filled);
  } finally {
    await handle.close();
  }
}

async function openStream(path: string): Promise<AsyncIterable<Uint8Array>> {
  const handle = await open(path);
  return createReadStream(path, { fd: handle, highWaterMark: 2 ** 18 }) as AsyncIterable<Uint8Array>;
}
