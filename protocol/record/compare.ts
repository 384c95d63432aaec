import { equalBytes } from '../encoding.ts';
import { require } from '../errors.ts';
import type { RecordFiles } from './files.ts';
import type { RecordHead } from './head.ts';
import { readSegments } from './read-record.ts';
import type { WholeSegment } from './read-record.ts';

/** A record to be compared: its bytes and its head. */
export interface ComparedRecord {
  readonly files: RecordFiles;
  readonly head: RecordHead;
}

/** Where two records part: the first entry that differs or that only the older has, and its segment. */
export interface Parting {
  readonly segment: number;
  readonly entry: number;
  /** True if the newer ends there. */
  readonly ended: boolean;
}

/**
 * Whether the newer record extends the older (SPEC §14.7). Both are read to their ends, so that both are known to be whole.
 *
 * @returns undefined if it does, else where they part
 * @throws `record/election` for records of different elections, and the codes of a record that is not whole
 */
export async function compareRecords(older: ComparedRecord, newer: ComparedRecord): Promise<Parting | undefined> {
  const same =
    older.head.definitionHash === newer.head.definitionHash &&
    older.head.chainId === newer.head.chainId &&
    older.head.election === newer.head.election;
  require(same, 'record/election', 'the records are of different elections');
  const [before, now] = [readSegments(older.files, older.head), readSegments(newer.files, newer.head)];
  let parting: Parting | undefined;
  for (;;) {
    const [a, b] = [await before.next(), await now.next()];
    if (a.done === true && b.done === true) return parting;
    if (a.done !== true) parting ??= partingOf(a.value, b.done === true ? undefined : b.value);
  }
}

/** Full segments are cut alike, so that the same entry stands in the same segment of both. */
function partingOf(older: WholeSegment, newer: WholeSegment | undefined): Parting | undefined {
  const theirs = newer?.lines ?? [];
  const index = older.lines.findIndex((line, i) => {
    const other = theirs[i];
    return other === undefined || !equalBytes(line, other);
  });
  if (index < 0) return undefined;
  return { segment: older.index, entry: older.first + index, ended: index >= theirs.length };
}
