import { require } from '../errors.ts';
import type { Point } from '../math/curve.ts';
import { O } from '../math/curve.ts';
import type { Field, Scalar } from '../math/field.ts';
import type { CircuitInputs } from '../math/witness-calculator.ts';
import type { Poseidon } from '../math/poseidon.ts';
import type { MembershipPath } from '../roll/lean-imt.ts';
import type { Ciphertext } from './ciphertext.ts';
import { encodeLanes, encryptOver } from './ciphertext.ts';
import type { Witness } from './witness.ts';
import { circuitInputs, maskWitness } from './witness.ts';
import { levelPath } from './path.ts';
import type { Randomness } from './randomness.ts';
import { randomnessScalar } from './randomness.ts';
import { voteProblem } from './rules.ts';
import { SECRET_BOUND } from './secret.ts';
import type { SlotState } from './slot.ts';
import { slotOf, updateContext } from './slot.ts';
import type { PollConstants, Update } from './statement.ts';
import { lanesOf, oldOf } from './statement.ts';

/** An update before its proof: what will be public, and what the circuit takes. `inputs` are secret. */
export interface PreparedUpdate {
  readonly update: Update;
  readonly witness: Witness;
  readonly inputs: CircuitInputs;
}

/** A vote to be cast. */
export interface VoteRequest {
  readonly constants: PollConstants;
  /** Of the poll (SPEC §2). */
  readonly contextBase: bigint;
  readonly secret: Scalar;
  /** The voter's way to the roll's root. */
  readonly path: MembershipPath;
  /** One value an option and unused place of the rule. */
  readonly values: readonly bigint[];
  /** What the slot holds now; undefined for an empty one. */
  readonly state: SlotState | undefined;
  /** Fresh for every update that is prepared, and erased after proving. */
  readonly randomness: Randomness;
}

/**
 * The owner's vote as a slot update, first or changed.
 *
 * @throws `ballot/vote` if the values break the rule, `ballot/path` if the path is not of this roll, `ballot/secret` for one
 *   identity in 2^64, which the circuit does not take (SPEC §10.4)
 */
export function prepareVote(poseidon: Poseidon, request: VoteRequest): PreparedUpdate {
  const { constants, secret, path, values, state, randomness } = request;
  const problem = voteProblem(constants.rule, values);
  require(problem === undefined, 'ballot/vote', problem ?? '');
  require(path.root === constants.root, 'ballot/path', 'the membership path belongs to another roll');
  require(secret < SECRET_BOUND, 'ballot/secret', 'the circuit does not take this identity: make another one');
  const base = { R: O, C: encodeLanes(values) };
  const nullifier = slotOf(poseidon, constants.scope, secret);
  const update = makeUpdate(request, nullifier, base, state, randomness);
  return finish(constants, update, {
    ...{ selector: true, secret, path: levelPath(path, constants.members), values, randomness },
  });
}

/** A mask to be laid. */
export interface MaskRequest {
  readonly constants: PollConstants;
  readonly contextBase: bigint;
  /** The slot; it must not be empty. */
  readonly slot: Field;
  readonly state: SlotState;
  readonly randomness: Randomness;
}

/** A mask of a slot: another ciphertext of the same vote. It needs no secret of the slot's owner. */
export function prepareMask(request: MaskRequest): PreparedUpdate {
  const { constants, slot, state, randomness } = request;
  const update = makeUpdate(request, slot, state.ciphertext, state, randomness);
  return finish(constants, update, maskWitness(2 * lanesOf(constants.rule), randomness));
}

function makeUpdate(
  { constants, contextBase }: { readonly constants: PollConstants; readonly contextBase: bigint },
  nullifier: Field,
  base: Ciphertext,
  state: SlotState | undefined,
  randomness: Randomness,
): Update {
  const next = encryptOver(base, constants.keys, randomnessScalar(randomness));
  return {
    nullifier,
    context: updateContext(contextBase, nullifier, state?.head ?? 0n),
    fresh: state === undefined,
    old: oldOf(state, constants.keys.length),
    next,
  };
}

function finish(constants: PollConstants, update: Update, witness: Witness): PreparedUpdate {
  return { update, witness, inputs: circuitInputs(constants, update, witness) };
}

/**
 * What a challenged ballot reveals, checked: true if `values` and `randomness` give this ciphertext (DESIGN §2.10).
 * Such randomness is public from then on and must never be cast.
 */
export function opensTo(
  keys: readonly Point[],
  ciphertext: Ciphertext,
  values: readonly bigint[],
  randomness: Randomness,
): boolean {
  const again = encryptOver({ R: O, C: encodeLanes(values) }, keys, randomnessScalar(randomness));
  const pairs = [[again.R, ciphertext.R] as const, ...again.C.map((point, j) => [point, ciphertext.C[j]] as const)];
  const equal = pairs.every(([a, b]) => b !== undefined && a.x === b.x && a.y === b.y);
  return equal && again.C.length === ciphertext.C.length;
}
