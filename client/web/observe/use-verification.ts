import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { startWorker } from '../worker/start-worker.ts';
import type { Report, Source, Task, Verdict } from './messages.ts';

/** A verification in workers of its own: the page stays usable, and stopping it stops all of it. */
export type Verification =
  | { readonly state: 'idle' }
  | {
      readonly state: 'running';
      readonly of: 'entries' | 'blocks';
      readonly done: number;
      readonly all: number | undefined;
    }
  | { readonly state: 'done'; readonly verdict: Verdict }
  | { readonly state: 'failed'; readonly code: string; readonly message: string };

export interface Verifier {
  readonly verification: Verification;
  readonly start: (source: Source) => void;
  readonly stop: () => void;
}

/** Threads beside the verifying one: proofs are most of the work. One core is left to the page. */
const HELPERS = Math.min(8, Math.max(1, navigator.hardwareConcurrency - 1));

export function useVerification(): Verifier {
  const [verification, set] = useState<Verification>({ state: 'idle' });
  const workers = useRef<readonly Worker[]>([]);
  const end = useCallback(() => {
    for (const worker of workers.current) worker.terminate();
    workers.current = [];
  }, []);
  const stop = useCallback(() => {
    end();
    set({ state: 'idle' });
  }, [end]);
  const start = useCallback(
    (source: Source) => {
      end();
      set({ state: 'running', of: 'entries', done: 0, all: undefined });
      const report = (each: Report): void => {
        set(stateAfter(each));
        if (each.kind !== 'progress') end();
      };
      workers.current = startAll(source, report);
    },
    [end],
  );
  useEffect(() => end, [end]);
  return { verification, start, stop };
}

/** A worker that verifies and its helpers, each connected to it by a channel. */
function startAll(source: Source, report: (report: Report) => void): readonly Worker[] {
  const verifier = startWorker();
  const channels = Array.from({ length: HELPERS }, () => new MessageChannel());
  const helpers = channels.map(({ port1 }) => {
    const helper = startWorker();
    helper.postMessage({ role: 'help', port: port1 } satisfies Task, [port1]);
    return helper;
  });
  const all = [verifier, ...helpers];
  // A worker that cannot even be loaded, or has no memory left: what it had to do has no answer.
  for (const worker of all) worker.onerror = () => report({ kind: 'error', code: 'internal/worker', message: '' });
  verifier.onmessage = ({ data }: MessageEvent<Report>) => report(data);
  const ports = channels.map(({ port2 }) => port2);
  verifier.postMessage({ role: 'verify', source, helpers: ports } satisfies Task, ports);
  return all;
}

function stateAfter(report: Report): Verification {
  switch (report.kind) {
    case 'progress':
      return { state: 'running', of: report.of, done: report.done, all: report.all };
    case 'verdict':
      return { state: 'done', verdict: report.verdict };
    case 'error':
      return { state: 'failed', code: report.code, message: report.message };
  }
}
