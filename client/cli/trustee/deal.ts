import { transcriptHash } from '../../../protocol/ceremony/state.ts';
import { answerShare, dealShares, finalShare, receiveShares } from '../../../protocol/ceremony/trustee.ts';
import { require } from '../../../protocol/errors.ts';
import { wholeNumber } from '../frame/invocation.ts';
import type { Invocation } from '../frame/invocation.ts';
import type { Outcome } from '../frame/outcome.ts';
import { randomBytes } from '../../../protocol/node/random.ts';
import { existingAttempt } from './commit.ts';
import { forgetTransportKey, readShare, writeShare } from './secret-files.ts';
import { openSession } from './session.ts';
import type { TrusteeSession } from './session.ts';
import { requireStage, writeStep } from './write-step.ts';

/** `urna trustee deal`: seals a share for every other trustee and lane. */
export async function deal(call: Invocation): Promise<Outcome> {
  const session = await openSession(call);
  const { state, trustee } = session;
  requireStage(session, 'deal');
  const { secret } = await existingAttempt(session);
  const bytes = await dealShares(state, secret, randomBytes);
  return writeStep(call, session, { kind: 'deal', attempt: state.attempt, time: 0, trustee, bytes });
}

/**
 * `urna trustee confirm`: opens and checks the shares of all dealers, stores the sum, and confirms the transcript. A faulty share is
 * not confirmed but named: its dealer is to be accused (exit 1).
 */
export async function confirm(call: Invocation): Promise<Outcome> {
  const session = await openSession(call);
  const { state, trustee, folder } = session;
  requireStage(session, 'confirm');
  const transcript = transcriptHash(state);
  const stored = await readShare(folder);
  if (stored?.share.attempt !== state.attempt) {
    const attempt = await existingAttempt(session);
    const { faults } = await receiveShares(state, attempt.secret);
    if (faults.length > 0) return faulty(faults);
    await writeShare(folder, { share: await finalShare(state, attempt.secret), transcript });
    await forgetTransportKey(folder, attempt);
  } else {
    require(stored.transcript === transcript, 'ceremony/transcript', 'the stored share belongs to another transcript');
  }
  return writeStep(call, session, { kind: 'confirm', attempt: state.attempt, time: 0, trustee, transcript });
}

function faulty(
  faults: readonly { readonly dealer: number; readonly lane: number; readonly fault: string }[],
): Outcome {
  const lines = faults.map(({ dealer, lane, fault }) => `dealer ${dealer}, lane ${lane}: the share ${fault}`);
  const text = [...lines, 'Accuse with "urna trustee accuse --dealer <n> --lane <n>" before the deadline.'].join('\n');
  return { data: { faults: faults.map((fault) => ({ ...fault })) }, text, exit: 1, code: 'check/shares' };
}

/** `urna trustee accuse`: says that a dealer's share of a lane is wrong. A share that is right cannot be accused from here. */
export async function accuse(call: Invocation): Promise<Outcome> {
  const session = await openSession(call);
  const { state, trustee } = session;
  requireStage(session, 'confirm');
  const dealer = wholeNumber(call, 'dealer', 1, state.setup.trustees);
  const lane = wholeNumber(call, 'lane', 0, state.setup.lanes - 1);
  await requireFault(session, dealer, lane);
  return writeStep(call, session, { kind: 'accuse', attempt: state.attempt, time: 0, trustee, dealer, lane });
}

async function requireFault(session: TrusteeSession, dealer: number, lane: number): Promise<void> {
  const { secret } = await existingAttempt(session);
  const { faults } = await receiveShares(session.state, secret);
  const wrong = faults.some((fault) => fault.dealer === dealer && fault.lane === lane);
  require(wrong, 'ceremony/accusation', `the share of dealer ${dealer}, lane ${lane} is right: there is nothing to accuse`);
}

/** `urna trustee answer`: opens the accused share; only accusations in the record are answered. */
export async function answer(call: Invocation): Promise<Outcome> {
  const session = await openSession(call);
  const { state, trustee } = session;
  requireStage(session, 'confirm');
  const accuser = wholeNumber(call, 'accuser', 1, state.setup.trustees);
  const lane = wholeNumber(call, 'lane', 0, state.setup.lanes - 1);
  const accused = state.accusations.some(
    (one) => one.dealer === trustee && one.accuser === accuser && one.lane === lane && one.share === undefined,
  );
  require(accused, 'state/ceremony', `trustee ${accuser} has no open accusation against you for lane ${lane}`);
  const { secret } = await existingAttempt(session);
  const share = answerShare(secret, accuser, lane);
  return writeStep(call, session, { kind: 'answer', attempt: state.attempt, time: 0, trustee, accuser, lane, share });
}
