import { sentNullifiers } from '../../../protocol/checks/replay/update-words.ts';
import { decodeDefinition } from '../../../protocol/definition/decode.ts';
import { folderFiles } from '../../../protocol/node/record-folder.ts';
import type { Entry, EntryOf } from '../../../protocol/record/entry.ts';
import { readHead, readPublished } from '../../../protocol/record/files.ts';
import { readEntries } from '../../../protocol/record/read-record.ts';
import { viewSlots } from '../../../client/cli/record/slot-book.ts';

/** Lanes of the contest whose ballots the city's record holds. */
const LANES = 4;

/** What this process measured of a voter's view of a city. */
export interface ViewMeasure {
  readonly updates: number;
  readonly seconds: number;
  readonly peakBytes: number;
}

function cpuSeconds(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1e6;
}

/** A city's record, and its last batch of updates again and again, each as new as if it were read: whoever held them would hold them all. */
async function measure(folder: string, updates: number): Promise<ViewMeasure> {
  const files = folderFiles(folder);
  const head = await readHead(files);
  const definition = decodeDefinition((await readPublished(files, head, 'election.json')) ?? new Uint8Array());
  let wanted: bigint | undefined;
  let sent = 0;
  async function* entries(): AsyncGenerator<Entry> {
    let batch: EntryOf<'updates'> | undefined;
    for await (const entry of readEntries(files, head)) {
      if (entry.kind === 'updates') [batch, sent] = [entry, sent + noteBatch(entry)];
      yield entry;
    }
    if (batch === undefined) throw new Error('the city has no updates');
    for (; sent < updates; sent += noteBatch(batch)) yield JSON.parse(JSON.stringify(batch)) as Entry;
  }
  function noteBatch({ data }: EntryOf<'updates'>): number {
    const nullifiers = [...sentNullifiers(LANES, data.firsts, data.laters)];
    wanted ??= nullifiers[0];
    return nullifiers.length;
  }
  const start = process.cpuUsage();
  const { slots } = await viewSlots({ definition, context: head }, entries(), (_, nullifier) => nullifier === wanted);
  const found = [...slots.values()].reduce((sum, poll) => sum + poll.size, 0);
  if (found !== 1) throw new Error('the voter’s slot was not found');
  return { updates: sent, seconds: cpuSeconds(start), peakBytes: process.resourceUsage().maxRSS * 1024 };
}

const [folder = '', updates = ''] = process.argv.slice(2);
const measured = await measure(folder, Number(updates));
if (process.send === undefined) process.stdout.write(`${JSON.stringify(measured)}\n`);
else process.send(measured, () => process.exit(0));
