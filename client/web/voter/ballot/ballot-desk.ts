import { UrnaError } from '../../../../protocol/errors.ts';
import { startWorker } from '../../worker/start-worker.ts';
import type { BallotMessage, BallotReport, BallotTask, BallotTasks, Step } from './ballot-tasks.ts';

/** What the worker of a ballot does just now: shown, never waited for. */
export interface DeskNews {
  readonly step: Step;
  /** Bytes of the circuit so far and in all; 0 until that is known. */
  readonly done: number;
  readonly all: number;
  /** The part of the ballot's proof that is done, 0 to 1; most of it before the vote is known. */
  readonly proof: number;
}

/** What a worker has done that has just begun. */
export const NOTHING: DeskNews = { step: 'slot', done: 0, all: 0, proof: 0 };

interface Waiting {
  readonly resolve: (output: BallotTasks[BallotTask]['output']) => void;
  readonly reject: (error: UrnaError) => void;
}

/** A worker for the ballots of one contest; one question at a time. Ending it frees its memory and forgets what was not cast. */
export class BallotDesk {
  readonly #worker = startWorker();
  #waiting: Waiting | undefined;
  #news = NOTHING;

  constructor(changed: (news: DeskNews) => void) {
    this.#worker.onerror = () => this.#fail(new UrnaError('internal/worker', 'the worker ended without an answer'));
    this.#worker.onmessage = ({ data }: MessageEvent<BallotReport>) => {
      if (data.kind === 'output') this.#settle()?.resolve(data.output);
      else if (data.kind === 'error') this.#fail(new UrnaError(data.code, data.message));
      else {
        this.#news = { ...this.#news, ...newsIn(data) };
        changed(this.#news);
      }
    };
  }

  /** @throws the task's codes, `internal/worker`, `ballot/ended` where the desk was closed */
  ask<N extends BallotTask>(name: N, input: BallotTasks[N]['input']): Promise<BallotTasks[N]['output']> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve: resolve as Waiting['resolve'], reject };
      this.#worker.postMessage({ role: 'ballot', name, input } satisfies BallotMessage);
    });
  }

  end(): void {
    this.#worker.terminate();
    this.#fail(new UrnaError('ballot/ended', 'the ballot was given up'));
  }

  #fail(error: UrnaError): void {
    this.#settle()?.reject(error);
  }

  #settle(): Waiting | undefined {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    return waiting;
  }
}

function newsIn(report: Exclude<BallotReport, { readonly kind: 'output' | 'error' }>): Partial<DeskNews> {
  if (report.kind === 'step') return { step: report.step };
  return report.kind === 'proof' ? { proof: report.done } : { done: report.done, all: report.all };
}
