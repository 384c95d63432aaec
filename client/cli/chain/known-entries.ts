import { publishedBuilds } from '../../../contracts/deploy/builds.ts';
import type { Entry } from '../../../protocol/record/entry.ts';
import type { LoadedElection } from '../election/definition-file.ts';
import { optional } from '../frame/invocation.ts';
import type { Invocation } from '../frame/invocation.ts';
import { readRecord } from '../record/read.ts';
import { followCached } from './entry-cache.ts';
import { openElection } from './open.ts';

/** Where caches of followed records are, unless a setting says otherwise. */
const FOLDER = '.urna-cache';

/**
 * The record's entries for a party's daily work: of `--record`, else from the chain, going on where the last command stopped. What
 * verifies an election or exports a record reads it all from the chain instead ({@link recordEntries} in `record/`).
 *
 * @throws `record/*`, `follow/*`, `chain/*`
 */
export async function* knownEntries(call: Invocation, election: LoadedElection): AsyncGenerator<Entry> {
  const file = optional(call, 'record');
  if (file !== undefined) return yield* readRecord(file);
  const at = await openElection(call, election);
  const folder = call.settings.cache ?? FOLDER;
  yield* await followCached(at, publishedBuilds(), folder, (line) => call.progress.note(line));
}
