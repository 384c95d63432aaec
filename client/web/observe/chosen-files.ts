import type { RecordFiles } from '../../../protocol/record/files.ts';
import { inflate } from './inflate.ts';

/** A record in a folder that the visitor chose; each file with its path below that folder. Nothing leaves the device. */
export function chosenFiles(files: readonly File[]): RecordFiles {
  const byName = new Map(
    files.map((file) => [file.webkitRelativePath.split('/').slice(1).join('/') || file.name, file]),
  );
  return {
    read: async (name, limit) => {
      const file = byName.get(name);
      return file && new Uint8Array(await file.slice(0, limit + 1).arrayBuffer());
    },
    stream: (name) => {
      const file = byName.get(name);
      return Promise.resolve(file && chunksOf(file));
    },
    inflate,
  };
}

const CHUNK = 2 ** 18;

async function* chunksOf(file: File): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < file.size; start += CHUNK)
    yield new Uint8Array(await file.slice(start, start + CHUNK).arrayBuffer());
}
