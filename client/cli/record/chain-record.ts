import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readStatus } from '../../../contracts/client/election.ts';
import type { ElectionAt } from '../../../contracts/client/election.ts';
import { publishedBuilds } from '../../../contracts/deploy/builds.ts';
import { follow } from '../../../contracts/follower/follow.ts';
import type { FollowState } from '../../../contracts/follower/state.ts';
import { UrnaError } from '../../../protocol/errors.ts';
import { folderFiles } from '../../../protocol/node/record-folder.ts';
import { RecordWriter } from '../../../protocol/node/record-writer.ts';
import type { RecordFiles } from '../../../protocol/record/files.ts';
import type { RecordHead } from '../../../protocol/record/head.ts';
import type { Invocation } from '../frame/invocation.ts';
import { followInto } from './export.ts';

/**
 * What the chain tells of an election up to its confirmed head, as a record without published files, in a folder of its own that is gone
 * once `use` has ended: a city's entries take gigabytes of memory.
 *
 * @param use - also gets where on the chain the record ends
 * @throws `follow/*`, `chain/*`, `chain/node` if the node names another definition than the chain's events
 */
export async function withChainRecord<T>(
  call: Pick<Invocation, 'progress'>,
  at: ElectionAt,
  use: (files: RecordFiles, head: RecordHead, reached: FollowState | undefined) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'urna-record-'));
  try {
    const { definitionHash } = await readStatus(at);
    const writer = new RecordWriter(folder, definitionHash);
    const reached = await followInto(call, { writer, state: undefined }, follow(at, { builds: publishedBuilds() }));
    const head = await writer.finish(at.connection.chainId, at.election, []);
    return await use(folderFiles(folder), head, reached).catch(blameNode);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The record is whole, for it was written here: what does not fit together came from the node. */
export function blameNode(error: unknown): never {
  const contradicts = error instanceof UrnaError && error.code === 'record/election';
  throw contradicts
    ? new UrnaError('chain/node', 'the node contradicts itself about the election’s definition')
    : error;
}
