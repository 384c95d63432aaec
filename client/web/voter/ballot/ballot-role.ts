import { UrnaError } from '../../../../protocol/errors.ts';
import { unknownCode } from '../../worker/unknown-code.ts';
import { BallotAtWork } from './ballot-at-work.ts';
import type { BallotMessage, BallotReport, BallotTask, BallotTasks } from './ballot-tasks.ts';

const tell = (report: BallotReport): void => postMessage(report);
let work: BallotAtWork | undefined;

/** One ballot after the other of one contest; the page asks one thing at a time and ends the worker when it is done. */
export function handle(message: BallotMessage): void {
  answer(message).then(
    (output) => tell({ kind: 'output', output }),
    (error: unknown) => {
      const known = error instanceof UrnaError;
      tell({ kind: 'error', code: known ? error.code : unknownCode(error), message: known ? error.message : '' });
    },
  );
}

async function answer({ name, input }: BallotMessage): Promise<BallotTasks[BallotTask]['output']> {
  if (name === 'open') {
    work = await BallotAtWork.open(input as BallotTasks['open']['input'], tell);
    return work.seen;
  }
  if (work === undefined) throw new UrnaError('internal/worker', 'no ballot is open');
  if (name === 'encrypt') return work.encrypt((input as BallotTasks['encrypt']['input']).values);
  return name === 'challenge' ? work.challenge() : work.cast();
}
