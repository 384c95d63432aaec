import { build } from 'virtual:urna-build';
import { UrnaError } from '../../../protocol/errors.ts';
import type { Report as Outcome } from '../../../protocol/checks/run.ts';
import { openRecord, verifyRecord } from '../../../protocol/checks/verify-record.ts';
import type { RecordFiles } from '../../../protocol/record/files.ts';
import { parseServerUrl } from '../../http/server-url.ts';
import { unknownCode } from '../worker/unknown-code.ts';
import { chosenFiles } from './chosen-files.ts';
import { FiguresTaker } from './figures.ts';
import { answerJobs, verifiersOver } from './jobs.ts';
import type { ChainSource, RecordSource, Report, Source, Task } from './messages.ts';
import { serviceFiles } from './service-files.ts';

/** Entries between two words of progress. */
const STEP = 16;

const tell = (report: Report): void => postMessage(report);

/** Verifies one record, or helps to; the page starts its workers for one verification and ends them after it. */
export function handle(data: Task): void {
  if (data.role === 'help') return answerJobs(data.port);
  verify(data.source, data.helpers).catch((error: unknown) => {
    const known = error instanceof UrnaError;
    tell({ kind: 'error', code: known ? error.code : unknownCode(error), message: known ? error.message : '' });
  });
}

interface Verified {
  readonly report: Outcome;
  readonly hash: string;
  readonly figures: FiguresTaker;
}

async function verify(source: Source, helpers: readonly MessagePort[]): Promise<void> {
  const means = helpers.length > 0 ? verifiersOver(helpers) : {};
  const { report, hash, figures } = await (source.from === 'chain' ? ofChain(source, means) : ofRecord(source, means));
  const { checks, ok, complete, entries, replay } = report;
  const sealed = replay && report.sealed;
  tell({
    kind: 'verdict',
    verdict: { checks, ok, complete, sealed, entries, hash, figures: replay && figures.figures(replay) },
  });
}

type Means = Partial<ReturnType<typeof verifiersOver>>;

function filesOf(source: RecordSource): RecordFiles {
  return source.from === 'service' ? serviceFiles(parseServerUrl(source.url)) : chosenFiles(source.files);
}

async function ofRecord(source: RecordSource, means: Means): Promise<Verified> {
  const files = filesOf(source);
  const head = await openRecord(files);
  const figures = new FiguresTaker();
  const report = await verifyRecord(files, head, build, {
    progress: (done) => {
      if (done % STEP === 0 || done === head.entries)
        tell({ kind: 'progress', of: 'entries', done, all: head.entries });
    },
    taken: (entry, replay) => figures.take(entry, replay),
    ...means,
  });
  return { report, hash: head.hash, figures };
}

/** What talks to a node is loaded only where one is named. */
async function ofChain({ rpc, election, published }: ChainSource, means: Means): Promise<Verified> {
  const { verifyChain } = await import('./chain-record.ts');
  let figures = new FiguresTaker();
  const verified = await verifyChain(
    { rpc, election, files: filesOf(published) },
    { taken: (entry, replay) => figures.take(entry, replay), ...means },
    (done, all) => tell({ kind: 'progress', of: 'blocks', done, all }),
    () => (figures = new FiguresTaker()),
  );
  return { ...verified, figures };
}
