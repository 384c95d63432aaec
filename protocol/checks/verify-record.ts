import type { RecordFiles } from '../record/files.ts';
import { readHead, streamPublished } from '../record/files.ts';
import type { RecordHead } from '../record/head.ts';
import { readRecordLines } from '../record/read-record.ts';
import { recordEvidence } from './record-evidence.ts';
import type { Evidence } from './replay/evidence.ts';
import type { Report, RunOptions } from './run.ts';
import { runOverLines } from './run.ts';

/** The head of a record whose published files are what it says (SPEC §14.6). @throws `record/*` */
export async function openRecord(files: RecordFiles): Promise<RecordHead> {
  const head = await readHead(files);
  for (const file of head.files) {
    const chunks = streamPublished(files, file);
    while ((await chunks.next()).done !== true);
  }
  return head;
}

/**
 * Verifies a record offline: that it is whole (SPEC §14.6), and the numbered checks (§15). One segment is in memory at a time.
 *
 * @param head - by {@link openRecord}
 * @param build - the published build, of the verifier's own
 * @throws `record/*` for a record that is not whole: then no check has an answer
 */
export async function verifyRecord(
  files: RecordFiles,
  head: RecordHead,
  build: Evidence['build'],
  options: RunOptions = {},
): Promise<Report> {
  return runOverLines(readRecordLines(files, head), await recordEvidence(files, head, build), options);
}
