import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { startWorker } from './start-worker.ts';
import type { Report, Source, Verdict } from './messages.ts';

/** A verification in a worker of its own: the page stays usable, and stopping it stops all of it. */
export type Verification =
  | { readonly state: 'idle' }
  | { readonly state: 'running'; readonly done: number; readonly all: number | undefined }
  | { readonly state: 'done'; readonly verdict: Verdict }
  | { readonly state: 'failed'; readonly code: string; readonly message: string };

export interface Verifier {
  readonly verification: Verification;
  readonly start: (source: Source) => void;
  readonly stop: () => void;
}

export function useVerification(): Verifier {
  const [verification, set] = useState<Verification>({ state: 'idle' });
  const worker = useRef<Worker | undefined>(undefined);
  const stop = useCallback(() => {
    worker.current?.terminate();
    worker.current = undefined;
    set({ state: 'idle' });
  }, []);
  const start = useCallback((source: Source) => {
    worker.current?.terminate();
    const started = startWorker();
    worker.current = started;
    set({ state: 'running', done: 0, all: undefined });
    started.onmessage = ({ data }: MessageEvent<Report>) => {
      set(stateAfter(data));
      if (data.kind !== 'progress') started.terminate();
    };
    // A worker that cannot even be loaded, or has no memory left.
    started.onerror = () => set({ state: 'failed', code: 'internal/worker', message: '' });
    started.postMessage(source);
  }, []);
  useEffect(() => () => worker.current?.terminate(), []);
  return { verification, start, stop };
}

function stateAfter(report: Report): Verification {
  switch (report.kind) {
    case 'progress':
      return { state: 'running', done: report.done, all: report.all };
    case 'verdict':
      return { state: 'done', verdict: report.verdict };
    case 'error':
      return { state: 'failed', code: report.code, message: report.message };
  }
}
