import type { Entry } from '../../../protocol/record/entry.ts';
import { readHead } from '../../../protocol/record/files.ts';
import { readEntries } from '../../../protocol/record/read-record.ts';
import { recordAt } from '../../../protocol/node/record-folder.ts';

/** The entries of a record, one at a time, each segment once it is known to be whole. @throws `record/*`, naming the place, `file/unreadable` */
export async function* readRecord(path: string): AsyncGenerator<Entry> {
  const files = recordAt(path);
  yield* readEntries(files, await readHead(files));
}
