import { drawRandomness } from '../../../protocol/ballot/randomness.ts';
import { fingerprint, slotOf } from '../../../protocol/ballot/slot.ts';
import { proveUpdate } from '../../../protocol/ballot/prove.ts';
import { prepareVote } from '../../../protocol/ballot/update.ts';
import { wordHex } from '../../../protocol/encoding.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { UrnaError, require } from '../../../protocol/errors.ts';
import type { Identity } from '../../../protocol/identity/semaphore.ts';
import type { Point } from '../../../protocol/math/curve.ts';
import { buildTree, membershipPath } from '../../../protocol/roll/lean-imt.ts';
import { indexOfMember } from '../../../protocol/roll/members.ts';
import { circuitFor } from '../ballot/artifacts.ts';
import { pollContext } from '../ballot/poll-context.ts';
import type { PollContext } from '../ballot/poll-context.ts';
import { encodeUpdateFile, updateWords, wordsHex } from '../box/update-file.ts';
import type { LoadedElection } from '../election/definition-file.ts';
import { contestAt } from '../election/names.ts';
import type { Invocation } from '../frame/invocation.ts';
import { randomBytes } from '../frame/random.ts';
import { slotIn } from '../record/view.ts';
import type { BookedSlot, ElectionView } from '../record/view.ts';
import type { Vote } from './vote-file.ts';

/** A voter's place in a poll. */
export interface OwnSlot {
  readonly poll: PollContext;
  readonly nullifier: bigint;
  readonly state: BookedSlot | undefined;
}

/** Index of the district whose sealed roll holds the identity. @throws `voter/not-on-roll`, `state/roll` */
export function ownDistrict({ replay }: ElectionView, { commitment }: Identity): number {
  const sealed = replay.roll.sealed;
  require(sealed !== undefined, 'state/roll', 'the roll is not sealed yet');
  const district = sealed.members.findIndex((members) => indexOfMember(members, commitment) >= 0);
  require(district >= 0, 'voter/not-on-roll', 'this identity is not on the sealed roll');
  return district;
}

/** The voter's slot of a contest. @throws `name/poll` if the contest is not for the voter's district */
export function ownSlot(
  election: LoadedElection,
  view: ElectionView,
  keys: readonly Point[],
  identity: Identity,
  contest: number,
): OwnSlot {
  const district = ownDistrict(view, identity);
  const index = view.replay.config.polls.findIndex((poll) => poll.contest === contest && poll.district === district);
  const { id } = contestAt(election.definition, contest);
  require(index >= 0, 'name/poll', `contest ${id} is not for the district of this identity`);
  const poll = pollContext(election, view, keys, index);
  const nullifier = slotOf(view.replay.poseidon, poll.constants.scope, identity.secretScalar);
  return { poll, nullifier, state: slotIn(view, index, nullifier) };
}

/** A vote, encrypted and proved, for a box. */
export interface MadeBallot {
  readonly contest: string;
  readonly text: string;
  readonly fingerprint: Hex;
}

/** Encrypts and proves a vote for the slot's present state. @throws `internal/roll`, `artifacts/*`, `proof/*` */
export async function makeBallot(
  call: Invocation,
  election: LoadedElection,
  view: ElectionView,
  { identity, vote, slot }: { readonly identity: Identity; readonly vote: Vote; readonly slot: OwnSlot },
): Promise<MadeBallot> {
  const { poll, nullifier, state } = slot;
  const index = indexOfMember(poll.members, identity.commitment);
  if (index < 0) throw new UrnaError('voter/not-on-roll', 'this identity is not on the sealed roll');
  const { poseidon } = view.replay;
  const prepared = prepareVote(poseidon, {
    constants: poll.constants,
    contextBase: poll.base,
    secret: identity.secretScalar,
    path: membershipPath(buildTree(poseidon, poll.members), index),
    values: vote.values,
    state,
    randomness: drawRandomness(randomBytes),
  });
  const circuit = circuitFor(call, election.definition.environment, poll.constants.keys.length);
  const proved = await proveUpdate(circuit, poll.constants, prepared, randomBytes);
  const words = wordsHex(updateWords(proved, state));
  const text = encodeUpdateFile({ context: election.context, poll: poll.id.poll, first: state === undefined, words });
  const mark = fingerprint(poll.id, proved.update.nullifier, proved.update.next);
  require(nullifier === proved.update.nullifier, 'internal/slot', 'the ballot is for another slot');
  return { contest: contestAt(election.definition, vote.contest).id, text, fingerprint: wordHex(mark) };
}
