import { equalBytes } from '../encoding.ts';
import { at, require } from '../errors.ts';
import type { Point } from '../math/curve.ts';
import { equalPoints, multiplyBase } from '../math/curve.ts';
import type { Scalar } from '../math/field.ts';
import type { RandomBytes } from '../random.ts';
import { makeDeal, openShare, positionOf, recipientsOf, sealedShareAt } from './deal.ts';
import { combineShares } from './keys.ts';
import type { Polynomial } from './polynomial.ts';
import { commitPolynomials, drawPolynomials, evaluatePolynomial, shareHolds } from './polynomial.ts';
import type { Reveal } from './reveal.ts';
import { makeReveal } from './reveal.ts';
import type { CeremonySetup } from './setup.ts';
import { ceremonyBase, requireTrustee } from './setup.ts';
import type { CeremonyState } from './state.ts';
import { commitmentsOf, revealOf } from './state.ts';
import type { TransportKeyPair } from './transport.ts';
import { makeTransportKey } from './transport.ts';

/** All that a trustee keeps secret during one attempt. A new attempt needs a new one: nothing is ever reused. */
export interface AttemptSecret {
  readonly attempt: number;
  readonly trustee: number;
  /** One a lane. Needed until the ceremony is done, to answer accusations. */
  readonly polynomials: readonly Polynomial[];
  /** Needed until the own confirmation. */
  readonly transport: TransportKeyPair;
}

/** What a trustee keeps until the count is certified: `x[lane]`. */
export interface TrusteeShare {
  readonly attempt: number;
  readonly trustee: number;
  readonly shares: readonly Scalar[];
}

/** A share that must be accused, and why. */
export interface ShareFault {
  readonly dealer: number;
  readonly lane: number;
  readonly fault: string;
}

/** Fresh secrets for one attempt and the reveal that belongs to them; its hash is committed to first. */
export async function beginAttempt(
  setup: CeremonySetup,
  attempt: number,
  trustee: number,
  random: RandomBytes,
): Promise<{ secret: AttemptSecret; reveal: Reveal }> {
  requireTrustee(setup, trustee);
  const polynomials = drawPolynomials(random, setup.lanes, setup.threshold);
  const transport = await makeTransportKey(random);
  const reveal = makeReveal(setup, attempt, trustee, { polynomials, transportKey: transport.publicKey }, random);
  return { secret: { attempt, trustee, polynomials, transport }, reveal };
}

/** Secrets of another attempt or another run would make honest dealers look guilty. @throws `ceremony/attempt`, `ceremony/secret` */
function requireSameAttempt(state: CeremonyState, secret: AttemptSecret): void {
  require(state.attempt ===
    secret.attempt, 'ceremony/attempt', `the secrets belong to attempt ${secret.attempt}, not ${state.attempt}`);
  const { transportKey, eighths } = revealOf(state, secret.trustee).reveal;
  const own = commitPolynomials(secret.polynomials).flat();
  const same = eighths.flat().every((Q, i) => equalPoints(Q, at(own, i)));
  require(same &&
    equalBytes(
      transportKey,
      secret.transport.publicKey,
    ), 'ceremony/secret', 'the secrets are not those of the own reveal');
}

/** The deal of a trustee to all others of the attempt. @throws `ceremony/stage` unless all have revealed */
export async function dealShares(
  state: CeremonyState,
  secret: AttemptSecret,
  random: RandomBytes,
): Promise<Uint8Array> {
  requireSameAttempt(state, secret);
  require(state.stage === 'deal', 'ceremony/stage', `no deal in stage ${state.stage}`);
  const recipients = recipientsOf(state.active, secret.trustee).map((trustee) => ({
    trustee,
    transportKey: revealOf(state, trustee).reveal.transportKey,
  }));
  return makeDeal(ceremonyBase(state.setup, state.attempt), secret.trustee, secret.polynomials, recipients, random);
}

/** A share answered in the open replaces the sealed one. */
function answeredShare(state: CeremonyState, dealer: number, accuser: number, lane: number): Scalar | undefined {
  const share = state.accusations.find((a) => a.dealer === dealer && a.accuser === accuser && a.lane === lane)?.share;
  return share !== undefined && shareHolds(share, commitmentsOf(state, dealer, lane), accuser)
    ? (share as Scalar)
    : undefined;
}

/**
 * Opens every share dealt to the trustee and checks it against the dealer's commitments.
 *
 * @returns `shares[dealer position in active][lane]` where nothing is at fault, and all faults: accuse them before the deadline
 * @throws `ceremony/stage` before all deals are there
 */
export async function receiveShares(
  state: CeremonyState,
  secret: AttemptSecret,
): Promise<{ shares: readonly (readonly Scalar[])[]; faults: readonly ShareFault[] }> {
  requireSameAttempt(state, secret);
  require(state.stage === 'confirm' || state.stage === 'done', 'ceremony/stage', `no shares in stage ${state.stage}`);
  const faults: ShareFault[] = [];
  const shares: Scalar[][] = [];
  for (const dealer of state.active) {
    const lanes: Scalar[] = [];
    for (let lane = 0; lane < state.setup.lanes; lane++) {
      const found = await receiveShare(state, secret, dealer, lane);
      if ('fault' in found) faults.push({ dealer, lane, fault: found.fault });
      else lanes.push(found.share);
    }
    shares.push(lanes);
  }
  return { shares, faults };
}

async function receiveShare(
  state: CeremonyState,
  { trustee, polynomials, transport }: AttemptSecret,
  dealer: number,
  lane: number,
): Promise<{ readonly share: Scalar } | { readonly fault: string }> {
  if (dealer === trustee) return { share: evaluatePolynomial(at(polynomials, lane), trustee) };
  const answered = answeredShare(state, dealer, trustee, lane);
  if (answered !== undefined) return { share: answered };
  const { bytes } = state.deals.get(dealer) ?? { bytes: new Uint8Array() };
  const sealed = sealedShareAt(bytes, positionOf(state.active, dealer, trustee), lane, state.setup.lanes);
  const address = { base: ceremonyBase(state.setup, state.attempt), dealer, recipient: trustee, lane };
  return openShare(transport.secretKey, address, sealed, commitmentsOf(state, dealer, lane));
}

/** The share that answers an accusation by `accuser`. */
export function answerShare({ polynomials }: AttemptSecret, accuser: number, lane: number): Scalar {
  return evaluatePolynomial(at(polynomials, lane), accuser);
}

/**
 * The trustee's final secret, checked against what the transcript says it must be.
 *
 * @throws `ceremony/faulty-shares` while a dealer is to be accused
 */
export async function finalShare(state: CeremonyState, secret: AttemptSecret): Promise<TrusteeShare> {
  const { shares, faults } = await receiveShares(state, secret);
  require(faults.length === 0, 'ceremony/faulty-shares', `${faults.length} shares are faulty and must be accused`);
  return { attempt: secret.attempt, trustee: secret.trustee, shares: combineShares(shares) };
}

/** True if the share's points are the trustee's verification keys. */
export function shareMatches({ shares }: TrusteeShare, verificationKeys: readonly Point[]): boolean {
  return (
    shares.length >= verificationKeys.length &&
    verificationKeys.every((VK, lane) => equalPoints(VK, multiplyBase(at(shares, lane))))
  );
}
