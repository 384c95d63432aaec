import type { Definition } from '../../../../protocol/definition/definition.ts';
import type { Hex } from '../../../../protocol/encoding.ts';
import type { Identity } from '../../../../protocol/identity/semaphore.ts';
import type { TrustedElection } from '../../../../protocol/voting/foundation.ts';
import type { ServerUrl } from '../../../http/server-url.ts';

/** Whose ballot of which contest. Secret. */
export interface BallotPlace {
  readonly service: ServerUrl;
  readonly definition: Definition;
  readonly context: TrustedElection['context'];
  readonly identity: Identity;
  readonly district: number;
  /** Index of the contest. */
  readonly contest: number;
}

/** What the own slot holds, as the public service tells and this device has checked (DESIGN §2.11): a view, which proves nothing to others. */
export type SlotSeen =
  { readonly isEmpty: true } | { readonly isEmpty: false; readonly fingerprint: Hex; readonly round: number };

/** What the worker of a ballot is asked, in this order; it keeps ρ to itself. */
export interface BallotTasks {
  /** Finds the slot and begins what does not depend on the choice. */
  readonly open: { readonly input: BallotPlace; readonly output: SlotSeen };
  /** Encrypts a vote; one that was encrypted before and not decided on is forgotten. */
  readonly encrypt: {
    readonly input: { readonly values: readonly bigint[] };
    readonly output: { readonly fingerprint: Hex };
  };
  /** Reveals what the ballot holds; it can never be cast from then on. */
  readonly challenge: { readonly input: undefined; readonly output: { readonly opening: string } };
  /** Proves the ballot; it can never be revealed from then on. */
  readonly cast: { readonly input: undefined; readonly output: { readonly update: string } };
}
export type BallotTask = keyof BallotTasks;

/** A task for the worker. */
export interface BallotMessage {
  readonly role: 'ballot';
  readonly name: BallotTask;
  readonly input: BallotTasks[BallotTask]['input'];
}

/** What is being done, in the order in which it comes. */
export type Step = 'slot' | 'circuit' | 'preparing' | 'ready';

/** `download` counts bytes of the circuit, `all` is 0 until it is known; `proof` is the part of the ballot's proof that is done, 0 to 1. */
export type BallotReport =
  | { readonly kind: 'step'; readonly step: Step }
  | { readonly kind: 'download'; readonly done: number; readonly all: number }
  | { readonly kind: 'proof'; readonly done: number }
  | { readonly kind: 'output'; readonly output: BallotTasks[BallotTask]['output'] }
  | { readonly kind: 'error'; readonly code: string; readonly message: string };
