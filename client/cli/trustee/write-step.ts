import type { SignedMessage } from '../../../protocol/ceremony/step-object.ts';
import type { CeremonyStage } from '../../../protocol/ceremony/state.ts';
import { require } from '../../../protocol/errors.ts';
import { writeFile } from '../../../protocol/node/files.ts';
import { option } from '../frame/invocation.ts';
import type { Invocation } from '../frame/invocation.ts';
import type { Outcome } from '../frame/outcome.ts';
import { encodeStepFile, signStep } from './step-file.ts';
import type { TrusteeSession } from './session.ts';

/** @throws `state/ceremony` unless the ceremony is in this stage, `ceremony/inactive` for a trustee that the attempt excludes */
export function requireStage(
  { state: { stage, attempt, active }, trustee }: Pick<TrusteeSession, 'state' | 'trustee'>,
  wanted: CeremonyStage,
): void {
  const takesPart = active.includes(trustee);
  require(takesPart, 'ceremony/inactive', `trustee ${trustee} takes no part in attempt ${attempt} of the ceremony`);
  require(stage === wanted, 'state/ceremony', `attempt ${attempt} of the ceremony is in stage ${stage}, not ${wanted}`);
}

/** Signs a message and writes it as a step file. */
export async function writeStep(call: Invocation, session: TrusteeSession, message: SignedMessage): Promise<Outcome> {
  const { rules, key, trustee } = session;
  const out = option(call, 'out');
  await writeFile(out, `${encodeStepFile(signStep(rules.setup, message, key.privateKey))}\n`);
  const { kind, attempt } = message;
  return {
    data: { file: out, step: kind, attempt, trustee },
    text: `trustee ${trustee}: ${kind} of attempt ${attempt} written to ${out}`,
  };
}
