import { publishedBuilds } from '../../../contracts/deploy/builds.ts';
import type { LoadedElection } from '../election/definition-file.ts';
import { optional } from '../frame/invocation.ts';
import type { Invocation } from '../frame/invocation.ts';
import { readRecord } from '../record/read.ts';
import type { Entries } from '../record/view.ts';
import { foldCached } from './entry-cache.ts';
import { openElection } from './open.ts';

/** Where caches of followed records are, unless a setting says otherwise. */
const FOLDER = '.urna-cache';

/**
 * What `fold` makes of the record's entries, for a party's daily work: of `--record`, else from the chain, going on where the last command
 * stopped. What verifies an election or exports a record reads it all from the chain instead ({@link foldRecordEntries} in `record/`).
 *
 * @param fold - may be called a second time, from the first entry on
 * @throws `record/*`, `follow/*`, `chain/*`
 */
export async function foldKnownEntries<T>(
  call: Invocation,
  election: LoadedElection,
  fold: (entries: Entries) => Promise<T>,
): Promise<T> {
  const file = optional(call, 'record');
  if (file !== undefined) return fold(readRecord(file));
  const at = await openElection(call, election);
  const folder = call.settings.cache ?? FOLDER;
  return foldCached({ at, builds: publishedBuilds(), folder, progress: call.progress }, fold);
}
