import { CHECKS } from '../../../protocol/checks/checks.ts';
import { runChecks } from '../../../protocol/checks/run.ts';
import type { Report, RunOptions } from '../../../protocol/checks/run.ts';
import type { Evidence } from '../../../protocol/checks/replay/evidence.ts';
import { terminate } from '../../../protocol/math/groth16.ts';
import { UrnaError } from '../../../protocol/errors.ts';
import type { Entry } from '../../../protocol/record/entry.ts';
import type { LoadedElection } from '../election/definition-file.ts';
import type { Invocation } from '../frame/invocation.ts';
import { loadEvidence } from '../record/evidence.ts';
import type { ElectionView } from '../record/view.ts';
import { equationByOpenssl } from '../../../protocol/node/ed25519.ts';
import { ProofPool } from '../../../protocol/node/proof-pool.ts';

/** Runs checks over entries, with progress. @param upTo - number of the last check to run */
export function verify(
  call: Invocation,
  entries: readonly Entry[],
  evidence: Evidence,
  upTo = CHECKS.length,
): Promise<Report> {
  const only = Array.from({ length: upTo }, (_, i) => i + 1);
  return withProgress(call, entries.length, (options) => runChecks(entries, evidence, { ...options, only }));
}

/** Runs checks with progress on stderr, proofs in threads. @param entries - how many there are */
export async function withProgress(
  call: Invocation,
  entries: number,
  run: (options: RunOptions) => Promise<Report>,
): Promise<Report> {
  call.progress.start('checking the record', entries);
  const pool = new ProofPool();
  try {
    return await run({
      progress: (done) => call.progress.update(done),
      verifyProofs: pool.verify,
      signatureEquation: equationByOpenssl,
    });
  } finally {
    call.progress.stop();
    await Promise.all([pool.close(), terminate()]);
  }
}

/** Refuses to go on unless all checks hold. @throws `check/failed`, naming the first that fails */
export async function requireChecks(
  call: Invocation,
  { definition }: LoadedElection,
  { entries }: ElectionView,
): Promise<void> {
  refuseFaults(await verify(call, entries, await loadEvidence(call, definition)));
}

/**
 * Refuses what a report finds wrong.
 *
 * @param doing - what is refused, before the sentence: `do not seal: `
 * @throws `code`, naming the first check that fails
 */
export function refuseFaults({ checks }: Pick<Report, 'checks'>, doing = '', code = 'check/failed'): void {
  const failed = checks.find(({ ok }) => !ok);
  if (failed !== undefined)
    throw new UrnaError(code, `${doing}check ${failed.number} (${failed.title}): ${failed.detail}`);
}
