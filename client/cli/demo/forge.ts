import { encodeText } from '../../../protocol/encoding.ts';
import { canonicalJson } from '../../../protocol/canonical-json.ts';
import { readHead } from '../../../protocol/record/files.ts';
import { publishedName } from '../../../protocol/record/head.ts';
import { readValues } from '../../../protocol/record/read-record.ts';
import { join } from 'node:path';
import { folderFiles } from '../../../protocol/node/record-folder.ts';
import { RecordWriter } from '../../../protocol/node/record-writer.ts';

/** Data of an entry as a forger sees it. */
export type EntryMembers = Readonly<Record<string, unknown>>;

/** What becomes of the entry that a forger picks; undefined takes it out. */
export type Change = (data: EntryMembers) => EntryMembers | undefined;

/**
 * A copy of a record with one entry changed or taken out, and everything that anyone could make consistent again made so: numbers, hash
 * chain, segments, head.
 *
 * @param nth - which entry of the kind
 */
export async function forgeRecord(from: string, to: string, kind: string, change: Change, nth = 0): Promise<void> {
  const files = folderFiles(from);
  const head = await readHead(files);
  const writer = new RecordWriter(to, head.definitionHash);
  let seen = 0;
  for await (const value of readValues(files, head)) {
    const entry = value as { readonly kind: string; readonly data: EntryMembers };
    const isPicked = entry.kind === kind && seen++ === nth;
    const data = isPicked ? change(entry.data) : entry.data;
    if (data !== undefined) await writer.append(encodeText(canonicalJson({ ...entry, data, seq: writer.entries })));
  }
  const published = [];
  for (const { name } of head.files) published.push(await writer.copy(name, join(from, publishedName(name))));
  await writer.finish(head.chainId, head.election, published);
}
