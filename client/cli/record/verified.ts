import { CHECKS } from '../../../protocol/checks/checks.ts';
import type { Report } from '../../../protocol/checks/run.ts';
import { runOverLines } from '../../../protocol/checks/run.ts';
import { UrnaError, require } from '../../../protocol/errors.ts';
import type { Entry } from '../../../protocol/record/entry.ts';
import { readHead, readPublished } from '../../../protocol/record/files.ts';
import type { RecordHead } from '../../../protocol/record/head.ts';
import { readRecordLines } from '../../../protocol/record/read-record.ts';
import { SEALS_FILE } from '../../../protocol/seals/seals-file.ts';
import { recordAt } from '../../../protocol/node/record-folder.ts';
import type { LoadedElection } from '../election/definition-file.ts';
import { option } from '../frame/invocation.ts';
import type { Invocation } from '../frame/invocation.ts';
import { withProgress } from '../observe/checks.ts';
import { loadEvidence } from './evidence.ts';
import { finishView, noteEntry, startNotes } from './view.ts';
import type { CountableView } from './view.ts';

/** What a record says, and what the checks say of it. */
export interface VerifiedRecord {
  readonly head: RecordHead;
  readonly view: CountableView;
  readonly report: Report;
}

/**
 * Reads `--record` once, and runs the checks over it: what is shown afterwards is what was checked, even if the files change meanwhile.
 * One segment is in memory at a time, beside what the checks hold themselves: slots' heads and the roll.
 *
 * @param upTo - number of the last check to run
 * @throws `record/*` for a record that is not whole or holds what is no entry in its place; what is false is in the report
 */
export async function readVerified(
  call: Invocation,
  election: LoadedElection,
  upTo = CHECKS.length,
): Promise<VerifiedRecord> {
  const files = recordAt(option(call, 'record'));
  const head = await readHead(files);
  // Of the record itself: seals are of its end, and nobody's word.
  const seals = await readPublished(files, head, SEALS_FILE);
  const evidence = { ...(await loadEvidence(call, election.definition)), seals };
  const only = Array.from({ length: upTo }, (_, i) => i + 1);
  const noted = startNotes();
  const taken = (entry: Entry): void => {
    requireNext(noted.entries, entry.seq);
    noteEntry(noted, election, entry);
  };
  const report = await withProgress(call, head.entries, (options) =>
    runOverLines(readRecordLines(files, head), evidence, { ...options, only, taken }),
  );
  const { replay } = report;
  if (replay === undefined) throw new UrnaError('definition/invalid', 'the definition cannot be read');
  requireNext(noted.entries, head.entries);
  return { head, view: finishView(noted, replay), report };
}

/** Not every check is run for every act: what none of those looks at must be an entry in its place all the same. */
function requireNext(expected: number, seq: number): void {
  require(seq === expected, 'record/line', `entry ${expected} cannot be read, or another one stands in its place`);
}
