import { readEntries } from '../../../protocol/record/read-record.ts';
import { openElection } from '../chain/open.ts';
import type { LoadedElection } from '../election/definition-file.ts';
import { optional } from '../frame/invocation.ts';
import type { Invocation } from '../frame/invocation.ts';
import { withChainRecord } from './chain-record.ts';
import { readRecord } from './read.ts';
import type { Entries } from './view.ts';

/**
 * What `fold` makes of the record's entries: of `--record`, else read from the chain up to its confirmed head and kept in a temporary
 * folder meanwhile.
 *
 * @throws `record/*`, `follow/*`, `chain/*`
 */
export async function foldRecordEntries<T>(
  call: Invocation,
  election: LoadedElection,
  fold: (entries: Entries) => Promise<T>,
): Promise<T> {
  const file = optional(call, 'record');
  if (file !== undefined) return fold(readRecord(file));
  const at = await openElection(call, election);
  return withChainRecord(call, at, (files, head) => fold(readEntries(files, head)));
}
