import type { Ciphertext } from '../../../../protocol/ballot/ciphertext.ts';
import { encodeLanes, encryptOver } from '../../../../protocol/ballot/ciphertext.ts';
import type { ProvingArtifacts } from '../../../../protocol/ballot/prove.ts';
import { proveUpdate } from '../../../../protocol/ballot/prove.ts';
import { drawRandomness } from '../../../../protocol/ballot/randomness.ts';
import type { SlotState } from '../../../../protocol/ballot/slot.ts';
import { updateContext } from '../../../../protocol/ballot/slot.ts';
import type { PollConstants } from '../../../../protocol/ballot/statement.ts';
import { oldOf, publicSignals } from '../../../../protocol/ballot/statement.ts';
import { prepareMask, prepareVote } from '../../../../protocol/ballot/update.ts';
import { O } from '../../../../protocol/math/curve.ts';
import type { Field } from '../../../../protocol/math/field.ts';
import { scalarFromBytes } from '../../../../protocol/math/field.ts';
import type { Poseidon } from '../../../../protocol/math/poseidon.ts';
import type { RandomBytes } from '../../../../protocol/random.ts';
import { buildTree, membershipPath } from '../../../../protocol/roll/lean-imt.ts';
import type { Trapdoor } from '../../../bench/trapdoor/trapdoor.ts';
import type { Voter } from './parties.ts';

/** An update to be proved: a vote, or a mask where there are no values. */
export interface ProofRequest {
  readonly constants: PollConstants;
  readonly contextBase: bigint;
  readonly voter: Voter;
  readonly slot: Field;
  /** One a place of the rule. */
  readonly values: readonly bigint[] | undefined;
  readonly state: SlotState | undefined;
  readonly random: RandomBytes;
}

/** Makes the next ciphertext and a proof for it, eight words. */
export type Prover = (request: ProofRequest) => Promise<{ next: Ciphertext; proof: readonly bigint[] }>;

/** Proofs by the trapdoor of a test's key: in milliseconds, and for lies as well. */
export function simulatedProver(trapdoor: Trapdoor): Prover {
  return ({ constants, contextBase, slot, values, state, random }) => {
    const lanes = constants.keys.length;
    const old = oldOf(state, lanes);
    const base = values === undefined ? old : { R: O, C: encodeLanes(values) };
    const next = encryptOver(base, constants.keys, scalarFromBytes(random(48)));
    const context = updateContext(contextBase, slot, state?.head ?? 0n);
    const signals = publicSignals(constants, { nullifier: slot, context, fresh: state === undefined, old, next });
    return Promise.resolve({ next, proof: trapdoor.simulate(signals) });
  };
}

/** Proofs by the circuit itself. @param members - of the sealed roll, by district */
export function circuitProver(artifacts: ProvingArtifacts, poseidon: Poseidon, members: readonly Field[][]): Prover {
  const trees = members.map((leaves) => buildTree(poseidon, leaves));
  return async ({ constants, contextBase, voter, slot, values, state, random }) => {
    const tree = trees[voter.district];
    const index = members[voter.district]?.indexOf(voter.identity.commitment) ?? -1;
    if (tree === undefined) throw new Error('no such district');
    const randomness = drawRandomness(random);
    const shared = { constants, contextBase, randomness };
    const secret = voter.identity.secretScalar;
    if (values === undefined && state === undefined) throw new Error('an empty slot takes no mask');
    const prepared =
      values === undefined && state !== undefined
        ? prepareMask({ ...shared, slot, state })
        : prepareVote(poseidon, {
            ...{ ...shared, secret, path: membershipPath(tree, index), values: values ?? [], state },
          });
    const { update, proof } = await proveUpdate(artifacts, constants, prepared, random);
    return { next: update.next, proof };
  };
}
