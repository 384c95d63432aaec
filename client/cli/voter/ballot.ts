import { pollScope, slotOf } from '../../../protocol/ballot/slot.ts';
import { proveUpdate } from '../../../protocol/ballot/prove.ts';
import { encodeWord } from '../../../protocol/encoding.ts';
import { require } from '../../../protocol/errors.ts';
import type { Identity } from '../../../protocol/identity/semaphore.ts';
import type { Point } from '../../../protocol/math/curve.ts';
import type { Poseidon } from '../../../protocol/math/poseidon.ts';
import { buildTree, membershipPath } from '../../../protocol/roll/lean-imt.ts';
import type { MembershipPath } from '../../../protocol/roll/lean-imt.ts';
import { indexOfWord } from '../../../protocol/word-list.ts';
import { indexOfMember } from '../../../protocol/roll/members.ts';
import { circuitFor } from '../ballot/artifacts.ts';
import { pollContext } from '../ballot/poll-context.ts';
import { encodeUpdateFile, updateWords, wordsHex } from '../../../protocol/ballot/update-file.ts';
import type { LoadedElection } from '../election/definition-file.ts';
import { contestAt } from '../election/names.ts';
import type { Invocation } from '../frame/invocation.ts';
import { randomBytes } from '../../../protocol/node/random.ts';
import { slotIn } from '../record/slot-book.ts';
import type { SlotsView } from '../record/slot-book.ts';
import type { IsWanted } from '../../../protocol/voting/slot-book.ts';
import type { ElectionView } from '../record/view.ts';
import type { EncryptedBallot } from '../../../protocol/voting/encrypted-ballot.ts';
import type { OwnSlot } from '../../../protocol/voting/own-slot.ts';

/** Index of the district whose sealed roll holds the identity. @throws `voter/not-on-roll`, `state/roll` */
export function ownDistrict({ replay }: ElectionView, { commitment }: Identity): number {
  const sealed = replay.roll.sealed;
  require(sealed !== undefined, 'state/roll', 'the roll is not sealed yet');
  const district = sealed.members.findIndex((members) => indexOfWord(members, encodeWord(commitment)) >= 0);
  require(district >= 0, 'voter/not-on-roll', 'this identity is not on the sealed roll');
  return district;
}

/** Tells the identity's own slots: which polls they are in, the roll decides. */
export function ownSlots({ context }: LoadedElection, poseidon: Poseidon, { secretScalar }: Identity): IsWanted {
  const own = new Map<number, bigint>();
  const domain = { chainId: BigInt(context.chainId), election: context.election };
  return (poll, nullifier) => {
    const mine = own.get(poll) ?? slotOf(poseidon, pollScope({ ...domain, poll }), secretScalar);
    own.set(poll, mine);
    return mine === nullifier;
  };
}

/** The voter's slot of a contest. @throws `name/poll` if the contest is not for the voter's district */
export function ownSlot(
  election: LoadedElection,
  view: SlotsView,
  keys: readonly Point[],
  identity: Identity,
  contest: number,
): OwnSlot {
  const district = ownDistrict(view, identity);
  const index = view.replay.config.polls.findIndex((poll) => poll.contest === contest && poll.district === district);
  const { id } = contestAt(election.definition, contest);
  require(index >= 0, 'name/poll', `contest ${id} is not for the district of this identity`);
  const { members, ...poll } = pollContext(election, view, keys, index);
  const { poseidon } = view.replay;
  const nullifier = slotOf(poseidon, poll.constants.scope, identity.secretScalar);
  // Of a city the tree takes a minute: only who votes has it made.
  const path = (): MembershipPath =>
    membershipPath(buildTree(poseidon, members), indexOfMember(members, identity.commitment));
  return { poll, nullifier, state: slotIn(view, index, nullifier), path };
}

/** Proves an encrypted vote. @returns the text of the file for a box @throws `artifacts/*`, `proof/*` */
export async function proveBallot(
  call: Invocation,
  { definition, context }: LoadedElection,
  { poll, state }: OwnSlot,
  { prepared }: EncryptedBallot,
): Promise<string> {
  const circuit = circuitFor(call, definition.environment, poll.constants.keys.length);
  const proved = await proveUpdate(circuit, poll.constants, prepared, randomBytes);
  const words = wordsHex(updateWords(proved, state));
  return encodeUpdateFile({ context, poll: poll.id.poll, first: state === undefined, words });
}
