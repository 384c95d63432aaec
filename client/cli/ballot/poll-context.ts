import { pollScope, contextBase } from '../../../protocol/ballot/slot.ts';
import { pollConstants } from '../../../protocol/ballot/statement.ts';
import { ceremonyRules, followCeremony } from '../../../protocol/ceremony/follow.ts';
import type { CeremonyState } from '../../../protocol/ceremony/state.ts';
import { toFields } from '../../../protocol/checks/replay/roll-replay.ts';
import { UrnaError, at, require } from '../../../protocol/errors.ts';
import type { Point } from '../../../protocol/math/curve.ts';
import type { Field } from '../../../protocol/math/field.ts';
import type { OwnPoll } from '../../../protocol/voting/own-slot.ts';
import type { LoadedElection } from '../election/definition-file.ts';
import type { ElectionView } from '../record/view.ts';

/** What every update of a poll needs. */
export interface PollContext extends OwnPoll {
  /** The district's sealed roll. */
  readonly members: readonly Field[];
}

/**
 * The trustees' public keys, recomputed from a ceremony of which every message and signature is judged again: a node that lies
 * cannot make a voter encrypt to a key of its own.
 *
 * @throws `state/keys` before the ceremony is done, `record/ceremony`, `ceremony/*`
 */
export function verifiedKeys(election: LoadedElection, { ceremony }: ElectionView): readonly Point[] {
  const rules = ceremonyRules(election.definition, election.context);
  let state: CeremonyState | undefined;
  for (const entry of ceremony) state = followCeremony(rules, state, entry);
  if (state?.keys === undefined) throw new UrnaError('state/keys', 'the trustees have not made the keys yet');
  return state.keys.publicKeys;
}

/** The context of a poll under these keys. @throws `state/roll` before the roll is sealed, `name/poll` if nobody can vote in it */
export function pollContext(
  { context }: LoadedElection,
  { replay }: ElectionView,
  keys: readonly Point[],
  poll: number,
): PollContext {
  const sealed = replay.roll.sealed;
  require(sealed?.roots !== undefined, 'state/roll', 'the roll is not sealed yet');
  const { contest, district } = at(replay.config.polls, poll);
  const id = { chainId: BigInt(context.chainId), election: context.election, poll };
  const members = [...toFields(at(sealed.members, district))];
  const roll = { root: at(sealed.roots, district), members: members.length };
  const constants = pollConstants(pollScope(id), roll, at(replay.config.contests, contest).rule, keys);
  return { id, constants, base: contextBase(id), district, members };
}
