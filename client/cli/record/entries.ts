import { publishedBuilds } from '../../../contracts/deploy/builds.ts';
import { follow } from '../../../contracts/follower/follow.ts';
import type { Entry } from '../../../protocol/record/entry.ts';
import { openElection } from '../chain/open.ts';
import type { LoadedElection } from '../election/definition-file.ts';
import { optional } from '../frame/invocation.ts';
import type { Invocation } from '../frame/invocation.ts';
import { readRecord } from './read.ts';

/** The record's entries: of `--record`, else read from the chain up to its confirmed head. @throws `record/*`, `follow/*`, `chain/*` */
export async function* recordEntries(call: Invocation, election: LoadedElection): AsyncGenerator<Entry> {
  const file = optional(call, 'record');
  if (file !== undefined) {
    yield* readRecord(file);
    return;
  }
  const at = await openElection(call, election);
  let entries: Entry[] = [];
  // A reorganisation while reading takes entries back: nothing is handed on before the head is reached.
  for await (const step of follow(at, { builds: publishedBuilds() })) {
    entries = [...entries.slice(0, step.keep), ...step.entries];
  }
  yield* entries;
}
