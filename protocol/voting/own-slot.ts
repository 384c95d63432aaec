import { contextBase, pollScope, slotOf } from '../ballot/slot.ts';
import type { PollId } from '../ballot/slot.ts';
import { pollConstants } from '../ballot/statement.ts';
import type { PollConstants } from '../ballot/statement.ts';
import { toConfig } from '../config/to-config.ts';
import { at, require } from '../errors.ts';
import type { Identity } from '../identity/semaphore.ts';
import type { Field } from '../math/field.ts';
import type { Poseidon } from '../math/poseidon.ts';
import type { RandomBytes } from '../random.ts';
import type { MembershipPath } from '../roll/lean-imt.ts';
import { decoys } from './decoys.ts';
import { readFoundation } from './foundation.ts';
import type { TrustedElection } from './foundation.ts';
import { readHeldSlot } from './held-slot.ts';
import type { HeldSlot } from './held-slot.ts';
import type { Reader } from './reader.ts';
import { readRollPlace } from './roll-place.ts';

/** Others among whom the own tile and the own group of slots are asked for (SPEC §17.4); a group of a city is megabytes. */
const [TILE_DECOYS, GROUP_DECOYS] = [7, 3] as const;

/** A poll as every update of it needs it. */
export interface OwnPoll {
  readonly id: PollId;
  readonly constants: PollConstants;
  readonly base: bigint;
  /** Index of the district. */
  readonly district: number;
}

/** A voter's place in a poll. */
export interface OwnSlot {
  readonly poll: OwnPoll;
  readonly nullifier: Field;
  /** Undefined while the slot is empty. */
  readonly state: HeldSlot | undefined;
  /** The own commitment's way to the root of the sealed roll. */
  readonly path: () => MembershipPath;
}

/** Who looks for the own slots, in which district. Secret. */
export interface SlotSeeker {
  readonly election: TrustedElection;
  readonly identity: Pick<Identity, 'privateKey' | 'commitment' | 'secretScalar'>;
  readonly district: number;
}

/**
 * Finds a voter's slots through a public service (SPEC §17.4) instead of the whole record: keys and roots as trustees and officers have
 * signed them, the path from tiles and the slot from its group, both among decoys.
 *
 * @returns the own slot of a contest, read anew with every call
 * @throws `public/*`, `state/keys`, `state/roll`, `voter/not-on-roll`, what `read` throws; of the slot also `name/poll`
 */
export async function findOwnSlots(
  read: Reader,
  poseidon: Poseidon,
  { election, identity, district }: SlotSeeker,
  random: RandomBytes,
): Promise<(contest: number) => Promise<OwnSlot>> {
  const { definition, context } = election;
  const { privateKey, commitment, secretScalar } = identity;
  const { keys, roots, sealedAt } = await readFoundation(read, election);
  const root = at(roots, district);
  const others = decoys('decoy-member', { privateKey, context, index: district }, TILE_DECOYS);
  const search = { district, root, commitment, decoys: others };
  const { path, members } = await readRollPlace(read, poseidon, search, random);
  const { polls, contests } = toConfig(definition);
  return async (contest) => {
    const poll = polls.findIndex((each) => each.contest === contest && each.district === district);
    const name = at(definition.contests, contest).id;
    require(poll >= 0, 'name/poll', `contest ${name} is not for the district of this identity`);
    const id = { chainId: BigInt(context.chainId), election: context.election, poll };
    const { rule, lanes } = at(contests, contest);
    const constants = pollConstants(pollScope(id), { root, members }, rule, keys);
    const nullifier = slotOf(poseidon, constants.scope, secretScalar);
    const beside = decoys('decoy-slot', { privateKey, context, index: poll }, GROUP_DECOYS);
    const state = await readHeldSlot(read, { poll, sealedAt, members, lanes, nullifier, decoys: beside }, random);
    return { poll: { id, constants, base: contextBase(id), district }, nullifier, state, path: () => path };
  };
}
