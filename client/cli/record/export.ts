import { encodeRecord } from '../../../protocol/record/lines.ts';
import { publishedBuilds } from '../../../contracts/deploy/builds.ts';
import { openElection } from '../chain/open.ts';
import { loadElection } from '../election/definition-file.ts';
import { writeFile } from '../frame/files.ts';
import { flag, option } from '../frame/invocation.ts';
import type { Invocation } from '../frame/invocation.ts';
import type { Outcome } from '../frame/outcome.ts';
import { collectEntries } from './entries.ts';

/** `urna record export`: what the chain tells of an election, up to its confirmed head, one entry a line (SPEC §14). */
export async function exportRecord(call: Invocation): Promise<Outcome> {
  const election = await loadElection(call);
  const entries = await collectEntries(await openElection(call, election), publishedBuilds());
  const out = option(call, 'out');
  await writeFile(out, [...encodeRecord(entries)].join(''), { replace: flag(call, 'replace') });
  const block = entries.at(-1)?.block ?? 0;
  return { data: { file: out, entries: entries.length, block }, text: `${entries.length} entries written to ${out}` };
}
