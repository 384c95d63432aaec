import { commitHash, encodeReveal, revealHash } from '../../../protocol/ceremony/reveal.ts';
import { beginAttempt } from '../../../protocol/ceremony/trustee.ts';
import { require } from '../../../protocol/errors.ts';
import type { Invocation } from '../frame/invocation.ts';
import type { Outcome } from '../frame/outcome.ts';
import { randomBytes } from '../../../protocol/node/random.ts';
import { readAttempt, writeAttempt } from './secret-files.ts';
import type { AttemptFile } from './secret-files.ts';
import { openSession } from './session.ts';
import type { TrusteeSession } from './session.ts';
import { requireStage, writeStep } from './write-step.ts';

/**
 * `urna trustee commit`: draws the secrets of the attempt, stores them sealed, and commits to them. Called again, it writes the
 * same commitment: secrets are never drawn twice for one attempt.
 */
export async function commit(call: Invocation): Promise<Outcome> {
  const session = await openSession(call);
  const { state, trustee, rules } = session;
  requireStage(session, 'commit');
  const { reveal } = await attemptOf(session);
  const hash = commitHash(rules.setup, state.attempt, trustee, revealHash(reveal));
  return writeStep(call, session, { kind: 'commit', attempt: state.attempt, time: 0, trustee, hash });
}

/** `urna trustee reveal`: opens the commitment. */
export async function reveal(call: Invocation): Promise<Outcome> {
  const session = await openSession(call);
  const { state, trustee } = session;
  requireStage(session, 'reveal');
  const { reveal: words } = await existingAttempt(session);
  return writeStep(call, session, { kind: 'reveal', attempt: state.attempt, time: 0, trustee, words });
}

/** The stored secrets of the running attempt. @throws `ceremony/no-secret` */
export async function existingAttempt({ folder, state }: TrusteeSession): Promise<AttemptFile> {
  const found = await readAttempt(folder, state.attempt);
  require(found !== undefined, 'ceremony/no-secret', `${folder.path} holds no secrets of attempt ${state.attempt}`);
  return found;
}

async function attemptOf({ folder, state, rules, trustee }: TrusteeSession): Promise<AttemptFile> {
  const found = await readAttempt(folder, state.attempt);
  if (found !== undefined) return found;
  const drawn = await beginAttempt(rules.setup, state.attempt, trustee, randomBytes);
  const made = { secret: drawn.secret, reveal: encodeReveal(drawn.reveal) };
  await writeAttempt(folder, made);
  return made;
}
