import type { ProofJob, ProofVerifier } from '../../../protocol/checks/proof-queue.ts';
import { verifyHere } from '../../../protocol/checks/proof-queue.ts';
import { signaturesHere } from '../../../protocol/credentials/signature-batch.ts';
import type { SignatureVerifier, SignedMessage } from '../../../protocol/credentials/signature-batch.ts';
import { UrnaError } from '../../../protocol/errors.ts';

/** Work that other threads take off the verifying one: a batch of proofs, or of signatures. */
type Work =
  | { readonly kind: 'proofs'; readonly job: ProofJob }
  | { readonly kind: 'signatures'; readonly batch: readonly SignedMessage[] };
/** The places of what does not hold, or why there is no answer. */
type Answer = { readonly wrong: readonly number[] } | { readonly code: string; readonly message: string };

interface Numbered<T> {
  readonly number: number;
  readonly what: T;
}

/** What a thread does with work that comes through a port. */
export function answerJobs(port: MessagePort): void {
  const signatures = signaturesHere();
  port.onmessage = ({ data: { number, what } }: MessageEvent<Numbered<Work>>) => {
    const done = what.kind === 'proofs' ? verifyHere(what.job) : signatures(what.batch);
    const answer = (each: Answer): void => port.postMessage({ number, what: each } satisfies Numbered<Answer>);
    done.then(
      (wrong) => answer({ wrong }),
      (error: unknown) => {
        const code = error instanceof UrnaError ? error.code : 'internal/worker';
        answer({ code, message: error instanceof Error ? error.message : '' });
      },
    );
  };
}

/** Verifiers that hand batches to threads behind ports, each to the one with the least to do. @param ports - at least one */
export function verifiersOver(ports: readonly MessagePort[]): {
  readonly verifyProofs: ProofVerifier;
  readonly verifySignatures: SignatureVerifier;
} {
  const waiting = new Map<number, (answer: Answer) => void>();
  const threads = ports.map((port) => ({ port, load: 0 }));
  let last = 0;
  for (const thread of threads)
    thread.port.onmessage = ({ data: { number, what } }: MessageEvent<Numbered<Answer>>) => {
      thread.load -= 1;
      waiting.get(number)?.(what);
      waiting.delete(number);
    };
  const run = (work: Work): Promise<readonly number[]> =>
    new Promise((resolve, reject) => {
      const thread = threads.reduce((least, each) => (each.load < least.load ? each : least));
      const number = (last += 1);
      waiting.set(number, (answer) =>
        'wrong' in answer ? resolve(answer.wrong) : reject(new UrnaError(answer.code, answer.message)),
      );
      thread.load += 1;
      thread.port.postMessage({ number, what: work } satisfies Numbered<Work>);
    });
  return {
    verifyProofs: (job) => run({ kind: 'proofs', job }),
    verifySignatures: (batch) => run({ kind: 'signatures', batch }),
  };
}
