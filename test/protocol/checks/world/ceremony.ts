import type { Hex } from '../../../../protocol/encoding.ts';
import { encodeHex, wordHex } from '../../../../protocol/encoding.ts';
import { applyMessage } from '../../../../protocol/ceremony/apply.ts';
import { SEALED_SHARE_BYTES } from '../../../../protocol/ceremony/deal.ts';
import type { CeremonyKeys } from '../../../../protocol/ceremony/keys.ts';
import { commitHash, encodeReveal, revealHash } from '../../../../protocol/ceremony/reveal.ts';
import type { CeremonySetup } from '../../../../protocol/ceremony/setup.ts';
import type { CeremonyState } from '../../../../protocol/ceremony/state.ts';
import { startCeremony, transcriptHash } from '../../../../protocol/ceremony/state.ts';
import type { AttemptSecret, TrusteeShare } from '../../../../protocol/ceremony/trustee.ts';
import { answerShare, beginAttempt, dealShares, finalShare } from '../../../../protocol/ceremony/trustee.ts';
import type { CeremonyMessage } from '../../../../protocol/ceremony/messages.ts';
import { encodePoint } from '../../../../protocol/math/curve.ts';
import type { Reveal } from '../../../../protocol/ceremony/reveal.ts';
import type { Ledger } from './ledger.ts';
import { UNSIGNED, post } from './ledger.ts';
import { START, TIMES } from './plan.ts';
import { stream } from './random.ts';

/** The outcome of the world's ceremony. */
export interface CeremonyOutcome {
  readonly keys: CeremonyKeys;
  readonly shares: ReadonlyMap<number, TrusteeShare>;
}

type Drawn = { readonly secret: AttemptSecret; readonly reveal: Reveal };
type Unplaced<M> = M extends CeremonyMessage ? Omit<M, 'time' | 'attempt'> : never;

/**
 * Trustee 4 never commits, so that the first attempt times out; in the second one trustee 1 accuses trustee 2, who
 * answers rightly; then all three confirm.
 */
export async function holdCeremony(ledger: Ledger, setup: CeremonySetup): Promise<CeremonyOutcome> {
  let state = startCeremony(setup, START);
  const take = (message: Unplaced<CeremonyMessage>): void => {
    // The entry was just posted, a second ago.
    state = applyMessage(state, {
      ...message,
      attempt: state.attempt,
      time: START + ledger.time - 1,
    } as CeremonyMessage);
  };
  await commitAll(ledger, setup, state, [1, 2, 3], take);
  ledger.time = TIMES.challengeSeconds + 1;
  post(ledger, 'ceremony-restart', { attempt: 2, excluded: [4] });
  take({ kind: 'timeout' });
  const drawn = await commitAll(ledger, setup, state, [1, 2, 3], take);
  for (const [trustee, { reveal }] of drawn) postReveal(ledger, trustee, reveal, take);
  for (const [trustee, { secret }] of drawn) {
    const bytes = await dealShares(state, secret, stream(`deal ${trustee}`));
    const shares = Array.from({ length: bytes.length / SEALED_SHARE_BYTES }, (_, i) =>
      encodeHex(bytes.subarray(i * SEALED_SHARE_BYTES, (i + 1) * SEALED_SHARE_BYTES)),
    );
    post(ledger, 'ceremony-deal', { attempt: 2, trustee, shares, signature: UNSIGNED });
    take({ kind: 'deal', trustee, bytes });
  }
  accuseAndAnswer(ledger, drawn, take);
  const shares = new Map<number, TrusteeShare>();
  for (const [trustee, { secret }] of drawn) {
    shares.set(trustee, await finalShare(state, secret));
    post(ledger, 'ceremony-confirm', { attempt: 2, trustee, signature: UNSIGNED });
    take({ kind: 'confirm', trustee, transcript: transcriptHash(state) });
  }
  return { keys: finish(ledger, state, shares), shares };
}

async function commitAll(
  ledger: Ledger,
  setup: CeremonySetup,
  { attempt }: CeremonyState,
  trustees: readonly number[],
  take: (message: Unplaced<CeremonyMessage>) => void,
): Promise<Map<number, Drawn>> {
  const drawn = new Map<number, Drawn>();
  for (const trustee of trustees) {
    const own = await beginAttempt(setup, attempt, trustee, stream(`attempt ${attempt} of ${trustee}`));
    const hash = commitHash(setup, attempt, trustee, revealHash(encodeReveal(own.reveal)));
    post(ledger, 'ceremony-commit', { attempt, trustee, commitment: wordHex(hash), signature: UNSIGNED });
    take({ kind: 'commit', trustee, hash });
    drawn.set(trustee, own);
  }
  return drawn;
}

function postReveal(
  ledger: Ledger,
  trustee: number,
  reveal: Reveal,
  take: (message: Unplaced<CeremonyMessage>) => void,
): void {
  post(ledger, 'ceremony-reveal', {
    ...{ attempt: 2, trustee, points: reveal.eighths.flat().map(encodePoint), k: encodePoint(reveal.proof.K) },
    ...{ z: wordHex(reveal.proof.z), transportKey: encodeHex(reveal.transportKey), signature: UNSIGNED },
  });
  take({ kind: 'reveal', trustee, words: encodeReveal(reveal) });
}

function accuseAndAnswer(
  ledger: Ledger,
  drawn: ReadonlyMap<number, Drawn>,
  take: (message: Unplaced<CeremonyMessage>) => void,
): void {
  const accused = drawn.get(2);
  if (accused === undefined) throw new Error('trustee 2 took no part');
  post(ledger, 'ceremony-accuse', { attempt: 2, trustee: 1, dealer: 2, lane: 0, signature: UNSIGNED });
  take({ kind: 'accuse', trustee: 1, dealer: 2, lane: 0 });
  const share = answerShare(accused.secret, 1, 0);
  const answer = { attempt: 2, trustee: 2, accuser: 1, lane: 0, share: wordHex(share), signature: UNSIGNED };
  post(ledger, 'ceremony-answer', answer);
  take({ kind: 'answer', trustee: 2, accuser: 1, lane: 0, share });
}

function finish(ledger: Ledger, state: CeremonyState, shares: ReadonlyMap<number, unknown>): CeremonyKeys {
  const { keys } = applyMessage(state, { kind: 'finish', attempt: state.attempt, time: START + ledger.time });
  if (keys === undefined) throw new Error('the ceremony did not finish');
  const points = (list: readonly { x: bigint; y: bigint }[]): Hex[] => list.map(encodePoint);
  post(ledger, 'ceremony-finish', {
    ...{ attempt: state.attempt, pk: points(keys.publicKeys), pk2: points(keys.shiftedKeys) },
    vk: [...shares.keys()].map((trustee) => ({ trustee, points: points(keys.verificationKeys.get(trustee) ?? []) })),
  });
  return keys;
}
