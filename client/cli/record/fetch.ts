import { createWriteStream } from 'node:fs';
import { cp, readFile, rm } from 'node:fs/promises';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { RecordFiles } from '../../../protocol/record/files.ts';
import { streamPublished } from '../../../protocol/record/files.ts';
import type { RecordHead } from '../../../protocol/record/head.ts';
import type { PublishedFile } from '../../../protocol/record/published-names.ts';
import {
  HEAD_FILE,
  MAX_HEAD,
  decodeHead,
  encodeHead,
  publishedName,
  segmentName,
} from '../../../protocol/record/head.ts';
import type { SegmentSummary } from '../../../protocol/record/segment.ts';
import { SEALS_FILE } from '../../../protocol/seals/seals-file.ts';
import { startHash } from '../../../protocol/record/chain-hash.ts';
import { decodeHex } from '../../../protocol/encoding.ts';
import { require } from '../../../protocol/errors.ts';
import { exists, writeFile } from '../../../protocol/node/files.ts';
import { folderFiles, folderOf } from '../../../protocol/node/record-folder.ts';
import { isWholeSegment } from '../../../protocol/node/whole-segment.ts';
import { flag, option } from '../frame/invocation.ts';
import type { Invocation } from '../frame/invocation.ts';
import type { Outcome } from '../frame/outcome.ts';
import { getBytes, getStream } from '../../http/ask.ts';
import type { ServerUrl } from '../../http/server-url.ts';
import { parseServerUrl } from '../../http/server-url.ts';
import { requireAsked } from '../observe/run.ts';
import { requireExtension } from './diff.ts';
import { moveInto, putBack } from './export.ts';

/** A compressed segment is hardly longer than its content. */
const SLACK = 2 ** 16;

/**
 * `urna record fetch URL`: downloads a record from a public service (SPEC §17.3) into a folder like any other record. What arrives is
 * compared with the head's hashes at once; whether the record is right is for `urna record verify`. Interrupted, it goes on where it was.
 *
 * @throws `file/exists`, `record/*`, `record/fork`, `server/*`
 */
export async function fetchRecord(call: Invocation): Promise<Outcome> {
  const server = parseServerUrl(call.args[0] ?? '');
  const out = folderOf(option(call, 'out'));
  await putBack(out);
  const extend = flag(call, 'extend') && (await exists(out));
  require(extend ||
    !(await exists(out)), 'file/exists', `${out} exists already: give --extend to go on with it, or another name`);
  const head = decodeHead(await getBytes(server, '/v1/record/record.json', { maxBytes: MAX_HEAD }));
  await requireAsked(call, head);
  const folder = `${out}.part`;
  if (extend && !(await exists(folder))) await cp(out, folder, { recursive: true });
  // Seals of a record that grows are kept for a short time only.
  const isSeals = ({ name }: PublishedFile): boolean => name === SEALS_FILE;
  const seals = await fetchFiles(server, folder, head.files.filter(isSeals));
  const loaded = await fetchSegments(call, server, folder, head);
  const files =
    seals +
    (await fetchFiles(
      server,
      folder,
      head.files.filter((file) => !isSeals(file)),
    ));
  await writeFile(join(folder, HEAD_FILE), encodeHead(head), { replace: true });
  if (extend) await requireExtension(folderFiles(out), folderFiles(folder));
  await moveInto(folder, out);
  const { entries, hash, segments } = head;
  const text = [
    `${entries} entries in ${segments.length} segments are in ${out}, hash ${hash}; ${loaded} segments and ${files} files were downloaded.`,
    `Now verify it: "urna record verify ${out}"`,
  ].join('\n');
  return { data: { file: join(out, HEAD_FILE), entries, hash, loaded, files }, text };
}

/** Segments that are not in the folder yet. @returns how many were downloaded */
async function fetchSegments(call: Invocation, server: ServerUrl, folder: string, head: RecordHead): Promise<number> {
  let before = startHash(head.definitionHash);
  let [loaded, entries] = [0, 0];
  call.progress.start('downloading the record', head.entries);
  try {
    for (const [index, summary] of head.segments.entries()) {
      const path = join(folder, segmentName(index));
      if (!(await isThere(path, before, summary))) {
        const name = segmentName(index).replace('segments/', '');
        const address = `/v1/record/${name}?entries=${summary.entries}`;
        const bytes = await getBytes(server, address, { maxBytes: summary.bytes + SLACK });
        require(isWholeSegment(
          bytes,
          before,
          summary,
        ), 'record/hash', `${segmentName(index)}: what the server sent is not what its head says`);
        await writeFile(path, bytes, { replace: true });
        loaded += 1;
      }
      before = decodeHex(summary.hash, 32);
      call.progress.update((entries += summary.entries));
    }
  } finally {
    call.progress.stop();
  }
  return loaded;
}

async function isThere(path: string, before: Uint8Array, summary: SegmentSummary): Promise<boolean> {
  return (await exists(path)) && isWholeSegment(Uint8Array.from(await readFile(path)), before, summary);
}

/** Published files that are not in the folder yet, or are others. @returns how many were downloaded */
async function fetchFiles(server: ServerUrl, folder: string, files: readonly PublishedFile[]): Promise<number> {
  let loaded = 0;
  for (const file of files) {
    if (await isSame(folderFiles(folder), file)) continue;
    const path = join(folder, publishedName(file.name));
    await mkdir(dirname(path), { recursive: true });
    const which = file.name === SEALS_FILE ? `?sha256=${file.sha256}` : '';
    const chunks = await getStream(server, `/v1/record/${publishedName(file.name)}${which}`, { maxBytes: file.bytes });
    await pipeline(chunks, createWriteStream(path));
    if (!(await isSame(folderFiles(folder), file))) {
      await rm(path);
      require(false, 'record/hash', `${publishedName(file.name)}: what the server sent is not what its head says`);
    }
    loaded += 1;
  }
  return loaded;
}

async function isSame(files: RecordFiles, file: PublishedFile): Promise<boolean> {
  try {
    for await (const chunk of streamPublished(files, file)) void chunk;
    return true;
  } catch {
    return false;
  }
}
