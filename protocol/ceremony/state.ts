import { at, require } from '../errors.ts';
import { hashWords } from '../hash.ts';
import type { Point } from '../math/curve.ts';
import type { CeremonyKeys } from './keys.ts';
import type { Reveal } from './reveal.ts';
import type { CeremonySetup } from './setup.ts';
import { ceremonyBase, requireSetup } from './setup.ts';

/** Stages of an attempt in order; `done` and `aborted` are final (SPEC §7.2). */
export type CeremonyStage = 'commit' | 'reveal' | 'deal' | 'confirm' | 'done' | 'aborted';

/** Why a trustee takes no further part. */
export type ExclusionReason = 'missing' | 'wrong-answer' | 'no-answer';

/** A trustee that an attempt named. */
export interface Exclusion {
  readonly trustee: number;
  readonly attempt: number;
  readonly reason: ExclusionReason;
}

/** An accusation of the running attempt; `share` is there once the dealer gave the right answer. */
export interface Accusation {
  readonly accuser: number;
  readonly dealer: number;
  readonly lane: number;
  readonly share?: bigint;
}

/** A valid reveal and its hash. */
export interface PostedReveal {
  readonly reveal: Reveal;
  readonly hash: bigint;
}

/** A posted deal and its hash. */
export interface PostedDeal {
  readonly bytes: Uint8Array;
  readonly hash: bigint;
}

/** The ceremony after some prefix of its messages. Times are Unix seconds of the chain's clock. */
export interface CeremonyState {
  readonly setup: CeremonySetup;
  /** From 1. */
  readonly attempt: number;
  /** Indices of the trustees that take part, ascending. */
  readonly active: readonly number[];
  readonly stage: CeremonyStage;
  /** Last second at which a message of this stage is taken. */
  readonly deadline: number;
  /** Last second at which an accusation is taken. */
  readonly accuseUntil: number;
  readonly commits: ReadonlyMap<number, bigint>;
  readonly reveals: ReadonlyMap<number, PostedReveal>;
  readonly deals: ReadonlyMap<number, PostedDeal>;
  readonly confirmed: ReadonlySet<number>;
  readonly accusations: readonly Accusation[];
  /** Of all attempts. */
  readonly exclusions: readonly Exclusion[];
  /** Present when `done`. */
  readonly keys?: CeremonyKeys;
}

function attemptOf(
  setup: CeremonySetup,
  attempt: number,
  active: readonly number[],
  exclusions: readonly Exclusion[],
  time: number,
): CeremonyState {
  return {
    setup,
    attempt,
    active,
    stage: active.length < setup.threshold ? 'aborted' : 'commit',
    deadline: time + setup.stageSeconds,
    accuseUntil: 0,
    commits: new Map(),
    reveals: new Map(),
    deals: new Map(),
    confirmed: new Set(),
    accusations: [],
    exclusions,
  };
}

/** The first attempt, with all trustees. @throws `ceremony/setup` */
export function startCeremony(setup: CeremonySetup, time: number): CeremonyState {
  requireSetup(setup);
  const all = Array.from({ length: setup.trustees }, (_, i) => i + 1);
  return attemptOf(setup, 1, all, [], time);
}

/** The next attempt without the named; `aborted` if fewer than the threshold remain. */
export function restart(
  state: CeremonyState,
  named: readonly { readonly trustee: number; readonly reason: ExclusionReason }[],
  time: number,
): CeremonyState {
  const { setup, attempt, active, exclusions } = state;
  const rest = active.filter((trustee) => !named.some((exclusion) => exclusion.trustee === trustee));
  const added = named.map((exclusion) => ({ ...exclusion, attempt }));
  return attemptOf(setup, attempt + 1, rest, [...exclusions, ...added], time);
}

/** The same attempt in its next stage. */
export function advance(state: CeremonyState, stage: CeremonyStage, time: number): CeremonyState {
  const deadline = time + state.setup.stageSeconds;
  return { ...state, stage, deadline, accuseUntil: stage === 'confirm' ? deadline : 0 };
}

/** The valid reveal of a trustee. @throws `ceremony/inactive` if there is none in this attempt */
export function revealOf(state: CeremonyState, trustee: number): PostedReveal {
  const posted = state.reveals.get(trustee);
  require(posted !== undefined, 'ceremony/inactive', `trustee ${trustee} has revealed nothing in this attempt`);
  return posted;
}

/** A dealer's Feldman commitments `F[lane]`. */
export function commitmentsOf(state: CeremonyState, dealer: number, lane: number): readonly Point[] {
  return at(revealOf(state, dealer).reveal.commitments, lane);
}

/** What a confirmation confirms: `transcriptHash` of SPEC §7.1. @throws `ceremony/stage` before all deals are there */
export function transcriptHash(state: CeremonyState): bigint {
  require(state.deals.size === state.active.length, 'ceremony/stage', 'not all deals are posted');
  const words = state.active.flatMap((trustee) => [
    revealOf(state, trustee).hash,
    state.deals.get(trustee)?.hash ?? 0n,
  ]);
  return hashWords('ceremony-transcript', [ceremonyBase(state.setup, state.attempt), ...words]);
}
