import { at, require } from '../../protocol/errors.ts';
import type { Shaped } from '../../protocol/record/shape.ts';
import { address, count, list, oneOf, record, word } from '../../protocol/record/shape.ts';

const mark = record({ block: count, hash: word, seq: count });
const shape = record({
  format: oneOf('urna/follow/1'),
  chainId: count,
  election: address,
  next: count,
  seq: count,
  marks: list(mark),
});

/** A block that was read: its hash, and the number of entries up to and including it. */
export type Mark = Shaped<typeof mark>;

/**
 * Where a follower stands; plain JSON, stored by its user beside the entries it belongs to.
 * `next` is the block to read next, `seq` the number of entries so far, `marks` blocks read, oldest first.
 */
export type FollowState = Shaped<typeof shape>;

/** Newest marks are kept one by one, older ones ever more sparsely: a deep reorganisation re-reads at most twice its depth. */
const MAX_MARKS = 48;

/** The state before anything was read. @param firstBlock - the first block that can hold an entry */
export function initialState(chainId: number, election: Shaped<typeof address>, firstBlock: number): FollowState {
  return { format: 'urna/follow/1', chainId, election, next: firstBlock, seq: 0, marks: [] };
}

/** Strict decoding of a stored state. @throws `record/shape`, `follow/state` if its marks contradict each other */
export function decodeFollowState(value: unknown): FollowState {
  const state = shape.read(value, 'state');
  state.marks.forEach((each, i) => {
    const before = i === 0 ? { block: -1, seq: 0 } : at(state.marks, i - 1);
    const increasing = each.block > before.block && each.seq >= before.seq;
    require(increasing && each.block < state.next && each.seq <= state.seq, 'follow/state', 'marks out of order');
  });
  return state;
}

/** The state after `newMark.block` was read. */
export function advanceState(state: FollowState, newMark: Mark): FollowState {
  const marks = thinned([...state.marks, newMark]);
  return { ...state, next: newMark.block + 1, seq: newMark.seq, marks };
}

/** The state as it was at its newest mark but `dropped`; before all marks, at `firstBlock`. */
export function rewindState(state: FollowState, dropped: number, firstBlock: number): FollowState {
  const marks = state.marks.slice(0, state.marks.length - dropped);
  const last = marks.at(-1);
  if (last === undefined) return { ...state, next: firstBlock, seq: 0, marks: [] };
  return { ...state, next: last.block + 1, seq: last.seq, marks };
}

/** Drops, of the oldest-first marks, the one whose loss costs least: its neighbours are nearest relative to their age. */
function thinned(marks: readonly Mark[]): readonly Mark[] {
  if (marks.length <= MAX_MARKS) return marks;
  const newest = at(marks, marks.length - 1).block;
  let drop = 1;
  let least = Infinity;
  for (let i = 1; i < marks.length - 1; i++) {
    const gap = at(marks, i + 1).block - at(marks, i - 1).block;
    const cost = gap / (newest - at(marks, i).block + 1);
    if (cost < least) [least, drop] = [cost, i];
  }
  return marks.filter((_, i) => i !== drop);
}
