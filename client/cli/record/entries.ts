import { publishedBuilds } from '../../../contracts/deploy/builds.ts';
import type { PublishedBuilds } from '../../../contracts/deploy/builds.ts';
import type { ElectionAt } from '../../../contracts/client/election.ts';
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
  if (file === undefined) yield* await collectEntries(await openElection(call, election), publishedBuilds());
  else yield* readRecord(file);
}

/** Every entry up to the confirmed head; a reorganisation while reading takes entries back. @throws `follow/*`, `chain/*` */
export async function collectEntries(at: ElectionAt, builds: PublishedBuilds): Promise<Entry[]> {
  const entries: Entry[] = [];
  for await (const step of follow(at, { builds })) {
    entries.length = step.keep;
    entries.push(...step.entries);
  }
  return entries;
}
