import { build } from 'virtual:urna-build';
import { UrnaError } from '../../../protocol/errors.ts';
import { openRecord, verifyRecord } from '../../../protocol/checks/verify-record.ts';
import { parseServerUrl } from '../../http/server-url.ts';
import { chosenFiles } from './chosen-files.ts';
import { answerJobs, verifiersOver } from './jobs.ts';
import { FiguresTaker } from './figures.ts';
import type { Report, Source, Task } from './messages.ts';
import { serviceFiles } from './service-files.ts';

/** Entries between two words of progress. */
const STEP = 16;

const tell = (report: Report): void => postMessage(report);

/** Verifies one record, or helps to; the page starts its workers for one verification and ends them after it. */
export function handle(data: Task): void {
  if (data.role === 'help') return answerJobs(data.port);
  verify(data.source, data.helpers).catch((error: unknown) => {
    const known = error instanceof UrnaError;
    tell({ kind: 'error', code: known ? error.code : 'internal/unexpected', message: known ? error.message : '' });
  });
}

async function verify(source: Source, helpers: readonly MessagePort[]): Promise<void> {
  const files = source.from === 'service' ? serviceFiles(parseServerUrl(source.url)) : chosenFiles(source.files);
  const head = await openRecord(files);
  const progress = (done: number): void => {
    if (done % STEP === 0 || done === head.entries) tell({ kind: 'progress', done, all: head.entries });
  };
  const figures = new FiguresTaker();
  const { checks, ok, complete, entries, replay } = await verifyRecord(files, head, build, {
    progress,
    taken: (entry, reached) => figures.take(entry, reached),
    ...(helpers.length > 0 && verifiersOver(helpers)),
  });
  const verdict = { checks, ok, complete, entries, hash: head.hash, figures: replay && figures.figures(replay) };
  tell({ kind: 'verdict', verdict });
}
