import { decodeNumber } from '../encoding.ts';
import { require } from '../errors.ts';
import { keccak256 } from '../hash.ts';
import { applyAccuse, applyAnswer, applyConfirm, namedInConfirm } from './confirm.ts';
import { recipientsOf, requireDealLength } from './deal.ts';
import { combineKeys } from './keys.ts';
import type { CeremonyMessage, MessageOf } from './messages.ts';
import { commitHash, decodeReveal, revealHash, revealHolds } from './reveal.ts';
import { requireTrustee } from './setup.ts';
import type { CeremonyStage, CeremonyState, ExclusionReason } from './state.ts';
import { advance, commitmentsOf, restart } from './state.ts';

const STAGE_OF: Readonly<Record<CeremonyMessage['kind'], CeremonyStage | undefined>> = {
  commit: 'commit',
  reveal: 'reveal',
  deal: 'deal',
  confirm: 'confirm',
  accuse: 'confirm',
  answer: 'confirm',
  finish: 'confirm',
  timeout: undefined,
};

/**
 * The state after `message`: the contract's twin (SPEC §7.2). Pure; `state` stays as it is.
 *
 * @throws `ceremony/attempt`, `ceremony/stage`, `ceremony/late`, `ceremony/index`, `ceremony/inactive`, `ceremony/repeated`,
 *   `ceremony/commitment`, `ceremony/proof` and the codes of decodeReveal, for whatever the contract refuses
 */
export function applyMessage(state: CeremonyState, message: CeremonyMessage): CeremonyState {
  require(message.attempt ===
    state.attempt, 'ceremony/attempt', `this is attempt ${state.attempt}, not ${message.attempt}`);
  const stage = STAGE_OF[message.kind];
  const over = state.stage === 'done' || state.stage === 'aborted';
  require(!over &&
    (stage === undefined || stage === state.stage), 'ceremony/stage', `no ${message.kind} in stage ${state.stage}`);
  if (message.kind === 'timeout') return applyTimeout(state, message);
  if (message.kind === 'finish') return applyFinish(state);
  requireTrustee(state.setup, message.trustee);
  require(state.active.includes(message.trustee), 'ceremony/inactive', `trustee ${message.trustee} takes no part`);
  require(message.time <= state.deadline, 'ceremony/late', 'the stage’s deadline has passed');
  switch (message.kind) {
    case 'commit':
      return applyCommit(state, message);
    case 'reveal':
      return applyReveal(state, message);
    case 'deal':
      return applyDeal(state, message);
    case 'confirm':
      return applyConfirm(state, message);
    case 'accuse':
      return applyAccuse(state, message);
    case 'answer':
      return applyAnswer(state, message);
  }
}

/** The map with one more trustee's message. @throws `ceremony/repeated` */
function added<T>(map: ReadonlyMap<number, T>, trustee: number, value: T): ReadonlyMap<number, T> {
  require(!map.has(trustee), 'ceremony/repeated', `trustee ${trustee} has already posted this`);
  return new Map([...map, [trustee, value]]);
}

/** On to `stage` when every active trustee has posted. */
function stepOn(
  state: CeremonyState,
  posted: ReadonlyMap<number, unknown>,
  stage: CeremonyStage,
  time: number,
): CeremonyState {
  return posted.size === state.active.length ? advance(state, stage, time) : state;
}

function applyCommit(state: CeremonyState, { trustee, hash, time }: MessageOf<'commit'>): CeremonyState {
  require(hash !== 0n, 'ceremony/commitment', 'an empty commitment commits to nothing');
  const commits = added(state.commits, trustee, hash);
  return stepOn({ ...state, commits }, commits, 'reveal', time);
}

function applyReveal(state: CeremonyState, { trustee, words, time }: MessageOf<'reveal'>): CeremonyState {
  const { setup, attempt } = state;
  const reveal = decodeReveal(setup, words);
  const hash = revealHash(words);
  const promised = state.commits.get(trustee) === commitHash(setup, attempt, trustee, hash);
  require(promised, 'ceremony/commitment', 'the reveal is not what was committed to');
  require(revealHolds(setup, attempt, trustee, reveal), 'ceremony/proof', 'the proof of knowledge does not hold');
  const reveals = added(state.reveals, trustee, { reveal, hash });
  return stepOn({ ...state, reveals }, reveals, 'deal', time);
}

function applyDeal(state: CeremonyState, { trustee, bytes, time }: MessageOf<'deal'>): CeremonyState {
  requireDealLength(bytes, recipientsOf(state.active, trustee).length, state.setup.lanes);
  const deals = added(state.deals, trustee, { bytes, hash: decodeNumber(keccak256(bytes)) });
  return stepOn({ ...state, deals }, deals, 'confirm', time);
}

function missing(
  state: CeremonyState,
  posted: ReadonlyMap<number, unknown>,
): { trustee: number; reason: ExclusionReason }[] {
  return state.active.filter((trustee) => !posted.has(trustee)).map((trustee) => ({ trustee, reason: 'missing' }));
}

function named(state: CeremonyState): readonly { trustee: number; reason: ExclusionReason }[] {
  if (state.stage === 'commit') return missing(state, state.commits);
  if (state.stage === 'reveal') return missing(state, state.reveals);
  if (state.stage === 'deal') return missing(state, state.deals);
  return namedInConfirm(state);
}

/** @throws `ceremony/timeout` before the deadline, or when nobody is to be named */
function applyTimeout(state: CeremonyState, { time }: MessageOf<'timeout'>): CeremonyState {
  require(time > state.deadline, 'ceremony/timeout', 'the stage’s deadline has not passed');
  const exclusions = named(state);
  require(exclusions.length > 0, 'ceremony/timeout', 'nothing is missing');
  return restart(state, exclusions, time);
}

/** @throws `ceremony/unfinished`, `ceremony/key-identity` */
function applyFinish(state: CeremonyState): CeremonyState {
  require(state.confirmed.size ===
    state.active.length, 'ceremony/unfinished', 'not every active trustee has confirmed');
  const lanes = Array.from({ length: state.setup.lanes }, (_, lane) => lane);
  const commitments = new Map(state.active.map((m) => [m, lanes.map((lane) => commitmentsOf(state, m, lane))]));
  return { ...state, stage: 'done', keys: combineKeys(commitments) };
}
