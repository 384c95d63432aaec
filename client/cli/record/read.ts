import { createReadStream } from 'node:fs';
import { UrnaError } from '../../../protocol/errors.ts';
import type { Entry } from '../../../protocol/record/entry.ts';
import { decodeRecord } from '../../../protocol/record/lines.ts';

/** The entries of a record file, one at a time. @throws `record/line` with the line's number, `file/missing`, `file/unreadable` */
export async function* readRecord(path: string): AsyncGenerator<Entry> {
  try {
    yield* decodeRecord(createReadStream(path) as AsyncIterable<Uint8Array>);
  } catch (error) {
    if (error instanceof UrnaError) throw error;
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new UrnaError(missing ? 'file/missing' : 'file/unreadable', `the record ${path} cannot be read`);
  }
}
