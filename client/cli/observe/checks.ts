import type { Report, RunOptions } from '../../../protocol/checks/run.ts';
import { terminate } from '../../../protocol/math/groth16.ts';
import { UrnaError } from '../../../protocol/errors.ts';
import type { Invocation } from '../frame/invocation.ts';
import { ProofPool } from '../../../protocol/node/proof-pool.ts';
import { SignaturePool } from '../../../protocol/node/signature-pool.ts';

/** Runs checks with progress on stderr, proofs and signatures in threads. @param entries - how many there are */
export async function withProgress(
  call: Invocation,
  entries: number,
  run: (options: RunOptions) => Promise<Report>,
): Promise<Report> {
  call.progress.start('checking the record', entries);
  const [proofs, signatures] = [new ProofPool(), new SignaturePool()];
  try {
    return await run({
      progress: (done) => call.progress.update(done),
      verifyProofs: proofs.verify,
      verifySignatures: signatures.verify,
    });
  } finally {
    call.progress.stop();
    await Promise.all([proofs.close(), signatures.close(), terminate()]);
  }
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
