import type { ElectionContext } from '../../../../protocol/credentials/registration.ts';
import type { Replay } from '../../../../protocol/checks/replay/replay.ts';
import { require } from '../../../../protocol/errors.ts';
import type { Entry } from '../../../../protocol/record/entry.ts';
import type { RecordFiles } from '../../../../protocol/record/files.ts';
import { readHead } from '../../../../protocol/record/files.ts';
import { readEntries } from '../../../../protocol/record/read-record.ts';
import type { TaskAnswer } from '../../worker/answer-once.ts';

/** In a worker: tells the page how many of all are done. */
export const tell = (done: number, all: number): void =>
  postMessage({ kind: 'progress', done: all === 0 ? 1 : done / all } satisfies TaskAnswer<never>);

/** The entries of the public service's record, segment by segment. */
export async function* recordEntries(files: RecordFiles): AsyncGenerator<Entry> {
  const head = await readHead(files);
  let done = 0;
  for await (const entry of readEntries(files, head)) {
    yield entry;
    done += 1;
    if (done % 16 === 0) tell(done, head.entries);
  }
}

/** @throws `record/election` unless all that was replayed is of this election */
export function requireElection({ domain, definitionHash }: Replay, context: ElectionContext): void {
  const isSame = domain?.chainId === BigInt(context.chainId) && domain.election === context.election;
  require(isSame && definitionHash === context.definitionHash, 'record/election', 'the record is of another election');
}
