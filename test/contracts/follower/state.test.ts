import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { FollowState } from '../../../contracts/follower/state.ts';
import { advanceState, decodeFollowState, initialState, rewindState } from '../../../contracts/follower/state.ts';
import { UrnaError } from '../../../protocol/errors.ts';
import { wordHex } from '../../../protocol/encoding.ts';

const ELECTION = `0x${'ab'.repeat(20)}` as const;
const start = initialState(31337, ELECTION, 7);

/** The state after reading blocks at these distances, with one entry each. */
function after(gaps: readonly number[]): FollowState {
  return gaps.reduce((state, gap) => {
    const block = state.next + gap;
    return advanceState(state, { block, hash: wordHex(BigInt(block)), seq: state.seq + 1 });
  }, start);
}

function codeOf(value: unknown): string {
  try {
    decodeFollowState(value);
  } catch (error) {
    return error instanceof UrnaError ? error.code : String(error);
  }
  return 'no error';
}

describe('advanceState', () => {
  it('stays small and valid however long it runs, and keeps oldest and newest mark', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(100), { minLength: 1, maxLength: 300 }), (gaps) => {
        const state = after(gaps);
        expect(state.marks.length).toBeLessThanOrEqual(48);
        expect(decodeFollowState(JSON.parse(JSON.stringify(state)))).toEqual(state);
        expect(state.marks.at(-1)).toMatchObject({ block: state.next - 1, seq: gaps.length });
        expect(state.marks[0]?.seq).toBe(1);
      }),
    );
  });

  it('leaves no gap much wider than its age: a reorganisation re-reads a small multiple of its depth', () => {
    const { marks, next } = after(Array.from({ length: 5000 }, () => 0));
    for (const [i, mark] of marks.slice(1).entries()) {
      const [gap, age] = [mark.block - marks[i]!.block, next - mark.block];
      expect(gap).toBeLessThanOrEqual(2 + age);
    }
  });
});

describe('rewindState', () => {
  it('is the state as it was at the mark that is left', () => {
    const gaps = [3, 0, 5, 1];
    expect(rewindState(after(gaps), 2, 7)).toEqual(after(gaps.slice(0, 2)));
    expect(rewindState(after(gaps), 4, 7)).toEqual(start);
    expect(rewindState(after(gaps), 4, 9)).toEqual({ ...start, next: 9 });
  });
});

describe('decodeFollowState', () => {
  it('refuses marks that contradict each other or the state', () => {
    const state = after([0, 0, 0]);
    const [a, b, c] = state.marks as [FollowState['marks'][0], FollowState['marks'][0], FollowState['marks'][0]];
    const wrong = [
      { ...state, marks: [a, c, b] },
      { ...state, marks: [a, a] },
      { ...state, marks: [a, { ...b, seq: 0 }, c] },
      { ...state, next: c.block },
      { ...state, seq: 2 },
    ];
    for (const each of wrong) expect(codeOf(each)).toBe('follow/state');
  });

  it('refuses what is no state of this version', () => {
    const { next, ...rest } = start;
    for (const each of [
      null,
      [],
      {},
      rest,
      { ...start, next: -1 },
      { ...start, format: 'urna/follow/2' },
      { ...start, x: next },
    ])
      expect(codeOf(each)).toBe('record/shape');
  });
});
