import { UrnaError } from '../../../../protocol/errors.ts';
import { startWorker } from '../../worker/start-worker.ts';
import type { BallotMessage, BallotReport, BallotTask, BallotTasks, Step } from './ballot-tasks.ts';

/** What the worker of a ballot does just now: shown, never waited for. */
export interface DeskNews {
  readonly step: Step;
  /** Bytes of the circuit so far and in all; 0 until that is known. */
  readonly done: number;
  readonly all: number;
}

interface Waiting {
  readonly resolve: (output: BallotTasks[BallotTask]['output']) => void;
  readonly reject: (error: UrnaError) => void;
}

/** A worker for the ballots of one contest; one question at a time. Ending it frees its memory and forgets what was not cast. */
export class BallotDesk {
  readonly #worker = startWorker();
  #waiting: Waiting | undefined;
  #news: DeskNews = { step: 'slot', done: 0, all: 0 };

  constructor(changed: (news: DeskNews) => void) {
    this.#worker.onerror = () => this.#fail(new UrnaError('internal/worker', 'the worker ended without an answer'));
    this.#worker.onmessage = ({ data }: MessageEvent<BallotReport>) => {
      if (data.kind === 'output') this.#settle()?.resolve(data.output);
      else if (data.kind === 'error') this.#fail(new UrnaError(data.code, data.message));
      else {
        this.#news = data.kind === 'step' ? { ...this.#news, step: data.step } : { ...this.#news, ...sizesOf(data) };
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

function sizesOf({ done, all }: { readonly done: number; readonly all: number }): Pick<DeskNews, 'done' | 'all'> {
  return { done, all };
}
