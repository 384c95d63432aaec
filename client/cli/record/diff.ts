import { UrnaError, require } from '../../../protocol/errors.ts';
import { compareRecords } from '../../../protocol/record/compare.ts';
import type { Parting } from '../../../protocol/record/compare.ts';
import type { RecordFiles } from '../../../protocol/record/files.ts';
import { readHead } from '../../../protocol/record/files.ts';
import { segmentName } from '../../../protocol/record/head.ts';
import type { Invocation } from '../frame/invocation.ts';
import type { Outcome } from '../frame/outcome.ts';
import { recordAt } from '../../../protocol/node/record-folder.ts';

/** `urna record diff OLD NEW`: exit 0 if the newer record extends the older, 1 with the first segment and entry that differ. */
export async function diff(call: Invocation): Promise<Outcome> {
  const [before, now] = call.args;
  require(before !== undefined && now !== undefined, 'usage/arguments', 'give two records, the older one first');
  const [older, newer] = [recordAt(before), recordAt(now)];
  const [from, to] = [await readHead(older), await readHead(newer)];
  const parting = await compareRecords({ files: older, head: from }, { files: newer, head: to });
  const data = { extends: parting === undefined, older: from.entries, newer: to.entries, parting: parting ?? null };
  if (parting !== undefined) return { data: { ...data }, text: describe(parting), exit: 1, code: 'record/fork' };
  return { data, text: `The newer record extends the older: ${to.entries - from.entries} entries were added.` };
}

/** Refuses a record that does not extend another. @throws `record/fork`, naming segment and entry */
export async function requireExtension(older: RecordFiles, newer: RecordFiles): Promise<void> {
  const [from, to] = [await readHead(older), await readHead(newer)];
  const parting = await compareRecords({ files: older, head: from }, { files: newer, head: to });
  if (parting !== undefined) throw new UrnaError('record/fork', `the chain tells another story: ${describe(parting)}`);
}

function describe({ segment, entry, ended }: Parting): string {
  const how = ended ? 'the newer record lacks entry' : 'the records differ from entry';
  return `${how} ${entry} on (${segmentName(segment)}): the newer does not extend the older`;
}
